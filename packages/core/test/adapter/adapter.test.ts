/** Another service is an adapter: begun from what the package exports, held to the contract, and uploaded to. */
import { expect, test } from "vitest";
import { createUploader } from "../../src/index.js";
import { describeObjectStore } from "../contracts/object-store.contract.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { Universe } from "../world/page.js";
import { bytes, key, open } from "../world/scene.js";
import { s3Flavoured, s3Store } from "./s3-flavoured.js";
import { etagOf, etagOfParts, rights, S3Flavoured } from "./s3-service.js";

describeObjectStore(
  "an adapter of another service",
  { etagOf, etagOfParts, rights, forbidsOverwriting: false },
  async () => {
    const service = new S3Flavoured();
    return {
      store: s3Store(service),
      contentOf: async (wanted) => service.objects.get(wanted)?.bytes,
      openUploads: async (wanted) =>
        [...service.uploads].filter(([, { target }]) => target.key === wanted).map(([id]) => id),
      forbid: async (...taken) => {
        for (const right of taken) service.forbidden.add(right);
      },
      close: async () => undefined,
    };
  },
);

test("an uploader takes the adapter, and is refused what its service cannot take", () => {
  const store = s3Flavoured(new S3Flavoured());

  expect(createUploader({ store }).uploads).toEqual([]);
  expect(() => createUploader({ store, partSize: 8 })).toThrow(expect.objectContaining({ code: "invalid-option" }));
  expect(() => createUploader({ store }).upload(new Blob(), { key: "" })).toThrow(
    expect.objectContaining({ code: "invalid-option" }),
  );
});

test.each(["md5+crc64", "crc64"] as const)(
  "with integrity %s a store without CRC-64 proves an object by the ETag that our MD5s make",
  async (integrity) => {
    const service = new S3Flavoured();
    const store = s3Store(service);
    const page = open(new Universe(), {
      partSize: 64,
      store: () => store,
      settings: { digests: store.digests(integrity) },
    });

    const result = await page.live(page.uploader.upload(new MemoryFile(bytes), { key }).finished);

    expect(result).toMatchObject({ verified: "etag", crc64: null });
    expect(service.objects.get(key)?.bytes).toEqual(bytes);
    expect(page.warnings).toEqual([]);
  },
);
