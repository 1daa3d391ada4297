/** A probe finds what is wrong with the store, and leaves nothing behind. */
import { describe, expect, test } from "vitest";
import { seededBytes } from "../doubles/memory-file.js";
import { key, type StoreBench } from "./store-bench.js";

export function describeProbe(at: StoreBench): void {
  const probe = (signal = at.options.signal) => at.store.probe(key, { ...at.options, signal, online: () => true });
  const statuses = async () => Object.fromEntries((await probe()).map(({ name, status }) => [name, status]));

  describe("a probe", () => {
    test("has a check of each kind, and none fails where all is well", async () => {
      const checks = await probe();

      const names = ["credentials", "cors", "exposed-headers", "caches", "clock", "permissions"];
      expect(checks.map(({ name }) => name)).toEqual(names);
      expect(checks.filter(({ status }) => status === "failed" || status === "warning")).toEqual([]);
    });

    test("leaves nothing behind, not even of an object that is at the key", async () => {
      const bytes = seededBytes(20, 9);
      await at.storeObject(bytes);

      await probe();

      expect(await at.world.openUploads(key)).toEqual([]);
      expect(await at.world.contentOf(key)).toEqual(Uint8Array.from(bytes));
    });

    test.each(["list", "head", "abort"] as const)("that may not %s warns, and names the right", async (right) => {
      await at.world.forbid(right);

      expect(await statuses()).toMatchObject({ credentials: "ok", permissions: "warning" });
      expect((await probe()).at(-1)?.detail).toContain(at.dialect.rights[right]);
    });

    test("tries every request once, and leaves a trace of each", async () => {
      await probe();

      expect(at.traces.map(({ action, attempt }) => [action, attempt])).toEqual([
        ["InitiateMultipartUpload", 1],
        ["UploadPart", 1],
        ["ListParts", 1],
        ["HeadObject", 1],
        ["AbortMultipartUpload", 1],
      ]);
    });

    test("that is stopped rejects with the signal's reason, and has removed what it began", async () => {
      const stop = new AbortController();
      const reason = new DOMException("enough", "AbortError");
      const options = { ...at.options, signal: stop.signal, online: () => true };

      const stopped = at.store.probe(key, {
        ...options,
        onRequest: ({ action }) => action === "UploadPart" && stop.abort(reason),
      });

      await expect(stopped).rejects.toBe(reason);
      expect(await at.world.openUploads(key)).toEqual([]);
    });

    test("that is stopped before it began asks for nothing", async () => {
      const reason = new DOMException("enough", "AbortError");

      await expect(probe(AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(at.traces).toEqual([]);
    });
  });
}
