/** Putting one part, stopping it, and the traces that requests leave. */

import { describe, expect, test } from "vitest";
import type { MultipartUpload, UploadId } from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { MemoryBlob, seededBytes } from "../doubles/memory-file.js";
import { digestOf, failure, key, type StoreBench, undigested } from "./store-bench.js";

export function describeParts(at: StoreBench): void {
  describe("putting a part", () => {
    test("names what was stored: size, ETag, and CRC-64 where there is one", async () => {
      const bytes = seededBytes(4321);

      const part = await at.put(await at.begin(), 1, bytes);

      expect(part).toMatchObject({ number: 1, size: 4321, ...at.namesOf(bytes) });
    });

    test("refuses bytes that are not what was digested", async () => {
      const upload = await at.begin();

      const refused = at.store.putPart(
        upload,
        4,
        new MemoryBlob(seededBytes(9, 1)),
        digestOf(seededBytes(9, 2)),
        at.options,
      );

      expect(await failure(refused)).toMatchObject({
        code: "corrupted",
        temporary: true,
        action: "UploadPart",
        partNumber: 4,
      });
    });

    test.each(["md5+crc64", "crc64"] as const)(
      "refuses other bytes with the digests that %s wants",
      async (integrity) => {
        const upload = await at.begin();
        const wanted = at.store.digests(integrity);
        const all = digestOf(seededBytes(9, 2));
        const wrong: Digest = {
          size: 9,
          md5: wanted.md5 ? all.md5 : undefined,
          crc64: wanted.crc64 ? all.crc64 : undefined,
        };

        const refused = at.store.putPart(upload, 1, new MemoryBlob(seededBytes(9, 1)), wrong, at.options);

        expect(await failure(refused)).toMatchObject({ code: "corrupted" });
      },
    );

    test("wants no digest where the app wants nothing proved", () => {
      expect(at.store.digests("none")).toEqual({ md5: false, crc64: false });
    });

    test("takes bytes that were not digested at all", async () => {
      const upload = await at.begin();
      const bytes = seededBytes(9);

      const part = await at.store.putPart(upload, 1, new MemoryBlob(bytes), undigested(9), at.options);

      expect(part).toMatchObject({ size: 9, etag: at.dialect.etagOf(bytes) });
    });

    test.each([0, 10_001])("refuses the number %i", async (number) => {
      const upload = await at.begin();

      expect(await failure(at.put(upload, number, seededBytes(9)))).toMatchObject({
        code: "rejected",
        temporary: false,
        partNumber: number,
      });
    });

    test("to an upload id that never was finds it gone", async () => {
      const never: MultipartUpload = { key, id: "0123456789ABCDEF0123456789ABCDEF" as UploadId };

      expect(await failure(at.put(never, 1, seededBytes(9)))).toMatchObject({ code: "upload-gone", temporary: false });
    });

    test("reports the bytes handed to the network, from nothing to all", async () => {
      const sent: number[] = [];
      const bytes = at.fullPart();

      await at.put(await at.begin(), 1, bytes, { ...at.options, onSent: (count) => sent.push(count) });

      expect(sent.at(0)).toBe(0);
      expect(sent.at(-1)).toBe(bytes.length);
      expect(sent).toEqual([...sent].sort((a, b) => a - b));
    });
  });

  describe("stopping", () => {
    test("before a call begins rejects with the signal's reason and asks nothing of the server", async () => {
      const upload = await at.begin();
      const reason = new DOMException("enough", "AbortError");
      const stopped = { ...at.options, signal: AbortSignal.abort(reason) };

      await expect(at.store.initiate({ key }, stopped)).rejects.toBe(reason);
      await expect(at.put(upload, 1, seededBytes(5), stopped)).rejects.toBe(reason);
      await expect(at.store.listParts(upload, stopped)).rejects.toBe(reason);
      await expect(at.store.head(key, stopped)).rejects.toBe(reason);
      expect(await at.world.openUploads(key)).toEqual([upload.id]);
    });

    test("while a part is under way rejects with the signal's reason, and the part can be put again", async () => {
      const upload = await at.begin();
      const controller = new AbortController();
      const reason = new DOMException("enough", "AbortError");
      const bytes = at.fullPart();

      const stopped = at.put(upload, 1, bytes, {
        ...at.options,
        signal: controller.signal,
        onSent: () => controller.abort(reason),
      });

      await expect(stopped).rejects.toBe(reason);
      await expect(at.put(upload, 1, bytes)).resolves.toMatchObject({ etag: at.dialect.etagOf(bytes) });
    });
  });

  test("every request leaves one trace with the service's name of it", async () => {
    const upload = await at.begin();
    const part = await at.put(upload, 1, seededBytes(9), at.options);
    await at.store.complete(upload, [part], {}, at.options);
    await failure(at.store.listParts(upload, at.options));

    expect(
      at.traces.map(({ action, partNumber, attempt, bodyBytes, error }) => [
        action,
        partNumber,
        attempt,
        bodyBytes > 0,
        error,
      ]),
    ).toEqual([
      ["InitiateMultipartUpload", null, 1, false, null],
      ["UploadPart", 1, 1, true, null],
      ["CompleteMultipartUpload", null, 1, expect.any(Boolean), null],
      ["ListParts", null, 1, false, "upload-gone"],
    ]);
    expect(at.traces.map((trace) => trace.status)).toEqual([200, 200, 200, 404]);
    expect(at.traces.every((trace) => trace.requestId !== null)).toBe(true);
  });
}
