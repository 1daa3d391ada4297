/** People bring names along from ali-oss, tus, Uppy and the AWS SDK: they are told what those are called here. */
import { describe, expect, test } from "vitest";
import { checkUploadOptions } from "../src/check-upload-options.js";
import { createUploader } from "../src/create-uploader.js";
import { checkTarget } from "../src/store/oss/check-target.js";
import { ossStore } from "../src/store/oss/oss-adapter.js";
import type { OssStoreOptions } from "../src/store/oss/oss-options.js";

const ofBucket = { region: "cn-hangzhou", bucket: "user-files", credentials: async () => Promise.reject() };
const store = ossStore(ofBucket);

describe("a name that is called otherwise here is refused, with what it is called", () => {
  test.each<[string, string]>([
    ["mime", "contentType"],
    ["meta", "metadata"],
    ["headers", "cacheControl"],
    ["progress", "upload.subscribe()"],
    ["onProgress", "upload.subscribe()"],
    ["checkpoint", "kept by itself"],
    ["parallel", "concurrency of createUploader()"],
    ["partSize", "partSize of createUploader()"],
    ["chunkSize", "partSize of createUploader()"],
    ["timeout", "retry of createUploader()"],
    ["bucket", "ossStore()"],
    ["ContentType", "contentType"],
    ["content-type", "contentType"],
    ["ACL", "acl"],
    ["storage_class", "storageClass"],
  ])("%s of upload(): %s", (name, here) => {
    expect(() => checkUploadOptions({ key: "a", [name]: 1 }, checkTarget)).toThrow(
      expect.objectContaining({
        code: "invalid-option",
        message: expect.stringContaining(`"${name}"`),
        hint: expect.stringContaining(here),
      }),
    );
  });

  test.each([
    ["callbackSNI", "callback.sni"],
    ["customValue", "callback.variables"],
  ])("%s of callback: %s", (name, here) => {
    const callback = { url: "https://app.example/done", body: "b", [name]: true };

    expect(() => checkUploadOptions({ key: "a", callback }, checkTarget)).toThrow(
      expect.objectContaining({ code: "invalid-option", hint: expect.stringContaining(here) }),
    );
  });

  test.each([
    ["parallel", "concurrency"],
    ["region", "ossStore()"],
    ["key", "upload()"],
    ["onError", "upload.finished"],
  ])("%s of createUploader(): %s", (name, here) => {
    expect(() => createUploader({ store, [name]: 1 })).toThrow(
      expect.objectContaining({ code: "invalid-option", hint: expect.stringContaining(here) }),
    );
  });

  test.each([
    ["stsToken", "credentials"],
    ["secure", "endpoint"],
    ["cname", "addressing"],
    ["authorizationV4", "signature"],
  ])("%s of ossStore(): %s", (name, here) => {
    expect(() => ossStore({ ...ofBucket, [name]: true } as OssStoreOptions)).toThrow(
      expect.objectContaining({ code: "invalid-option", hint: expect.stringContaining(here) }),
    );
  });

  test("but one that nobody knows is let through: apps pass rows of their own", () => {
    expect(checkUploadOptions({ key: "a", rowId: 7, label: "x" }, checkTarget)).toEqual({ key: "a" });
  });
});
