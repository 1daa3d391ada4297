/** Apps are not always compiled: whatever stands in place of an option either works or is refused at once, by name. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../src/api/upload.js";
import type { UploaderOptions } from "../src/api/uploader.js";
import { checkUploadOptions } from "../src/check-upload-options.js";
import { sealHead } from "../src/checkpoint/records.js";
import { createUploader } from "../src/create-uploader.js";
import { checkTarget } from "../src/store/oss/check-target.js";
import { initiateHeaders, putObjectHeaders } from "../src/store/oss/object-headers.js";
import { ossStore } from "../src/store/oss/oss-adapter.js";
import type { OssStoreOptions } from "../src/store/oss/oss-options.js";
import { fixedOptions, targetOf } from "../src/upload/target.js";
import { expectRefusal, odd, thrownBy } from "./odd-values.js";

const ofBucket = { region: "cn-hangzhou", bucket: "user-files", credentials: async () => Promise.reject() };
const store = ossStore(ofBucket);
const file = new Blob(["bytes"]);

// A list of each kind that the compiler demands to be complete.
const ofUpload: Readonly<Record<keyof UploadOptions, true>> = {
  key: true,
  contentType: true,
  cacheControl: true,
  contentDisposition: true,
  contentEncoding: true,
  expires: true,
  metadata: true,
  tags: true,
  acl: true,
  storageClass: true,
  encryption: true,
  callback: true,
  ifExists: true,
  trafficLimit: true,
  priority: true,
  signal: true,
  appData: true,
};
const ofUploader: Readonly<Record<keyof UploaderOptions, true>> = {
  store: true,
  concurrency: true,
  partSize: true,
  singlePutBelow: true,
  smallFiles: true,
  integrity: true,
  retry: true,
  fingerprint: true,
  checkpoints: true,
  scope: true,
  expireAfterMs: true,
  keepFiles: true,
  keepSettled: true,
  workers: true,
  keepAwake: true,
  afterPage: true,
  warnBeforeUnload: true,
  onRequest: true,
};
type OssOption = "region" | "bucket" | "endpoint" | "addressing" | "signature" | "credentials" | "signer";
const ofStore: Readonly<Record<OssOption & keyof OssStoreOptions, true>> = {
  region: true,
  bucket: true,
  endpoint: true,
  addressing: true,
  signature: true,
  credentials: true,
  signer: true,
};

describe("anything at all", () => {
  test.each(Object.keys(ofUpload))("as %s of upload() is kept as it will be sent, or refused at once", (name) => {
    fc.assert(
      fc.property(odd, (make) => {
        const value = make();
        let given: UploadOptions | undefined;
        const error = thrownBy(() => {
          given = checkUploadOptions({ key: "a", [name]: value }, checkTarget);
        });
        if (given === undefined) return expectRefusal(error);
        const target = targetOf(given);
        // Whatever a run does with them later.
        for (const each of Object.values(putObjectHeaders(target))) expect(each).toMatch(/^[ -~]*$/);
        expect(initiateHeaders(target)["content-type"]).toBeTypeOf("string");
        expect(fixedOptions(target)).toBeTypeOf("string");
        expect(() => sealHead({ target } as never, { appData: structuredClone(given?.appData) })).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test("as the options of upload(), createUploader() and ossStore() is refused at once", () => {
    const uploader = createUploader({ store });

    fc.assert(
      fc.property(odd, (make) => {
        const options = make();
        // A record with a key alone is all that upload() needs.
        fc.pre(thrownBy(() => checkUploadOptions(options, checkTarget)) !== undefined);
        expectRefusal(thrownBy(() => uploader.upload(file, options as UploadOptions)));
        expectRefusal(thrownBy(() => createUploader(make() as UploaderOptions)));
        expectRefusal(thrownBy(() => ossStore(make() as OssStoreOptions)));
      }),
      { numRuns: 500, examples: [[() => ({ key: "a" })]] },
    );
  });

  test.each(Object.keys(ofUploader))("as %s of createUploader() works, or is refused at once", (name) => {
    fc.assert(
      fc.property(odd, (make) => {
        const value = make();
        const error = thrownBy(() => createUploader({ store, [name]: value }));
        if (error !== undefined) expectRefusal(error);
      }),
      { numRuns: 300 },
    );
  });

  test.each(["giveUpAfterMs", "baseDelayMs", "maxDelayMs", "stallTimeoutMs"])(
    "as retry.%s works, or is refused",
    (name) => {
      fc.assert(
        fc.property(odd, (make) => {
          const value = make();
          const error = thrownBy(() => createUploader({ store, retry: { [name]: value } }));
          if (value !== undefined && typeof value !== "number") expectRefusal(error);
        }),
      );
    },
  );

  test.each(Object.keys(ofStore))("as %s of ossStore() works, or is refused at once", (name) => {
    fc.assert(
      fc.property(odd, (make) => {
        const value = make();
        const error = thrownBy(() => ossStore({ ...ofBucket, [name]: value } as OssStoreOptions));
        if (error !== undefined) expectRefusal(error);
      }),
      { numRuns: 300 },
    );
  });
});

test("each option may be undefined, which says nothing", () => {
  const nothing = (names: object) => Object.fromEntries(Object.keys(names).map((name) => [name, undefined]));

  const upload = checkUploadOptions({ ...nothing(ofUpload), key: "a" }, checkTarget);

  expect(upload).toEqual({ key: "a" });
  expect(() => createUploader({ ...nothing(ofUploader), store })).not.toThrow();
  expect(() => ossStore({ ...nothing(ofStore), ...ofBucket } as OssStoreOptions)).not.toThrow();
});

describe("null is no way to leave an option out", () => {
  const { appData: _kept, ...refused } = ofUpload;

  test.each(Object.keys(refused))("as %s of upload()", (name) => {
    expectRefusal(thrownBy(() => checkUploadOptions({ key: "a", [name]: null }, checkTarget)));
  });

  test.each(Object.keys(ofUploader))("as %s of createUploader()", (name) => {
    expectRefusal(thrownBy(() => createUploader({ store, [name]: null as never })));
  });
});
