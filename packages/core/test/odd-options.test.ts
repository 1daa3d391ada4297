/** Apps are not always compiled: whatever stands in place of an option either works or is refused at once, by name. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { UploadOptions } from "../src/api/upload.js";
import type { UploaderOptions } from "../src/api/uploader.js";
import { checkUploadOptions } from "../src/check-upload-options.js";
import { sealHead } from "../src/checkpoint/records.js";
import { createUploader } from "../src/create-uploader.js";
import { isUploadError } from "../src/errors.js";
import { checkTarget } from "../src/store/oss/check-target.js";
import { initiateHeaders, putObjectHeaders } from "../src/store/oss/object-headers.js";
import { ossStore } from "../src/store/oss/oss-adapter.js";
import type { OssStoreOptions } from "../src/store/oss/oss-options.js";
import { fixedOptions, targetOf } from "../src/upload/target.js";

const ofBucket = { region: "cn-hangzhou", bucket: "user-files", credentials: async () => Promise.reject() };
const store = ossStore(ofBucket);
const file = new Blob(["bytes"]);

/** A value of which nothing can be asked. */
const throwing = () =>
  new Proxy(
    {},
    {
      get: () => {
        throw new TypeError("no");
      },
      ownKeys: () => {
        throw new TypeError("no");
      },
    },
  );
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const cyclic = () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
};

const hostile: readonly (() => unknown)[] = [
  throwing,
  revoked,
  cyclic,
  () => Symbol("s"),
  () => () => 1,
  () => class {},
  () => new Proxy([1], {}),
  () => new Proxy(new Map(), {}),
  () => new Proxy(new Date(), {}),
  () => new Proxy(AbortSignal.abort(), {}),
  () => new Date(Number.NaN),
  () => new Headers({ a: "b" }),
  () => ({ toString: throwing }),
  () => ({ algorithm: Symbol("s"), url: [Symbol("s")], body: 7n }),
  () => Object.defineProperty({}, "url", { get: throwing, enumerable: true }),
  () => Object.defineProperty({}, "key", { get: () => Reflect.get(throwing(), "key"), enumerable: true }),
];

/** As functions: what makes a report of a failure looks at values, too. */
const odd = fc.oneof(
  fc
    .oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.anything({ withNullPrototype: true, withObjectString: true, withSparseArray: true, withBoxedValues: true }),
      fc.dictionary(fc.string(), fc.string({ unit: "binary" })),
    )
    .map((value) => () => value),
  fc.constantFrom(...hostile),
);

/** What a call throws; undefined where it works. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
}

function expectRefusal(error: unknown): void {
  expect(isUploadError(error) ? error.code : error).toBe("invalid-option");
}

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
  keepSettled: true,
  workers: true,
  keepAwake: true,
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

describe("what a framework has wrapped in proxies", () => {
  /** As Vue's reactive() and MobX's observable() do: what is read of it is wrapped, too. */
  function reactive<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name, receiver) => {
        const value: unknown = Reflect.get(object, name, receiver);
        return typeof value === "object" && value !== null && !(value instanceof Date) ? reactive(value) : value;
      },
    });
  }

  test("is kept as the plain data that it stands for", () => {
    const expires = new Date(0);
    const plain = {
      key: "a",
      expires,
      metadata: { author: "alice" },
      tags: { project: "p" },
      encryption: { algorithm: "AES256" },
      callback: { url: ["https://app.example/done"], body: "b", variables: { user: "7" } },
      appData: { album: { id: 7, names: ["a", "b"] }, at: expires },
    };

    const kept = checkUploadOptions(reactive(plain), checkTarget);

    expect(kept).toEqual(plain);
    // A proxy could not be.
    expect(() => structuredClone(kept)).not.toThrow();
  });

  test.each<[string, unknown]>([
    ["a Map", new Proxy(new Map([["a", 1]]), {})],
    ["a function", { onDone: () => undefined }],
    ["something that never ends", (() => reactive(cyclic()))()],
  ])("is refused at once where it is %s, which no database can keep", (_what, appData) => {
    expectRefusal(thrownBy(() => checkUploadOptions({ key: "a", appData }, checkTarget)));
  });
});

describe("options are what they were when they were given", () => {
  test("those of upload(), however deep the app changes them later", () => {
    const given = { key: "a", metadata: { author: "alice" }, appData: { list: [1] }, expires: new Date(0) };

    const kept = checkUploadOptions(given, checkTarget);
    given.key = "b";
    given.metadata.author = "bob";
    given.appData.list.push(2);
    given.expires.setTime(1);

    expect(kept).toEqual({ key: "a", metadata: { author: "alice" }, appData: { list: [1] }, expires: new Date(0) });
    expect(Object.isFrozen(kept) && Object.isFrozen(kept.metadata)).toBe(true);
  });
});
