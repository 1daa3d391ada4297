/** Small objects go by one form, where that works, and are as safe as by PUT. Over the emulator. */

import { defaultCorsRules } from "@ossicle/oss-emulator";
import { describe, expect, test } from "vitest";
import { createSignHandler } from "../../../src/server/index.js";
import type { RequestSigner, SignableRequest, SignedRequest } from "../../../src/store/bucket/signable-request.js";
import type { ObjectStore, ObjectTarget } from "../../../src/store/object-store.js";
import { digestOf, failure } from "../../contracts/store-bench.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { account, bucket, bucketForEachTest, type Options } from "./emulated.js";

const bytes = seededBytes(300);
const { world, traces, options } = bucketForEachTest();

const page = (given: Options = { credentials: account }) => world.connect(given, { smallFiles: "post" });
const put = async (store: ObjectStore, target: Partial<ObjectTarget> = {}, attempt = 1) =>
  await store.putObject({ key: "a", ...target }, new MemoryBlob(bytes), digestOf(bytes), { ...options, attempt });
const actions = () => traces.map(({ action, error }) => (error === null ? action : `${action} ${error}`));

describe("a small object", () => {
  test("goes by one form, and is shown by ETag and CRC-64", async () => {
    const object = await put(page());

    expect(actions()).toEqual(["PostObject"]);
    expect(object).toMatchObject({ etag: expect.any(String), crc64: digestOf(bytes).crc64 });
    expect(await world.contentOf("a")).toEqual(bytes);
  });

  test("is looked up where the answer may show neither ETag nor CRC-64", async () => {
    world.hide("ETag", "x-oss-hash-crc64ecma");

    await put(page());

    expect(actions()).toEqual(["HeadObject", "PostObject"]);
  });

  test("is all that was asked for", async () => {
    await put(page(), {
      contentType: "text/html",
      cacheControl: "no-cache",
      contentDisposition: "attachment",
      contentEncoding: "gzip",
      expires: new Date(Date.UTC(2030, 0, 2)),
      metadata: { Author: "李雷" },
      acl: "public-read",
      encryption: { algorithm: "AES256" },
    });

    expect(actions()).toEqual(["PostObject"]);
    expect(world.emulator.object(bucket, "a")).toMatchObject({
      headers: {
        "content-type": "text/html",
        "cache-control": "no-cache",
        "content-disposition": "attachment",
        "content-encoding": "gzip",
        expires: "Wed, 02 Jan 2030 00:00:00 GMT",
      },
      metadata: { author: "%E6%9D%8E%E9%9B%B7" },
      acl: "public-read",
    });
  });

  test.each<[string, Partial<ObjectTarget>]>([
    ["is not to replace another", { ifExists: "forbid" }],
    ["has tags", { tags: { a: "b" } }],
    ["is to come slowly", { trafficLimit: 838_860_800 }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
    ["has a name that the service would fill in", { key: "${filename}" }],
  ])("that %s goes by PUT", async (_, target) => {
    await put(page(), target);

    expect(actions()).toEqual(["PutObject"]);
  });

  test("goes by PUT when it is sent again, under signature version 1, and where the app wants it so", async () => {
    await put(page(), {}, 2);
    await put(page({ credentials: account, signature: "v1" }));
    await put(world.connect({ credentials: account }, { smallFiles: "put" }));

    expect(actions()).toEqual(["PutObject", "PutObject", "PutObject"]);
  });
});

describe("a page that may not POST", () => {
  const withoutPost = () =>
    world.emulator.setCors(
      bucket,
      defaultCorsRules.map((rule) => ({
        ...rule,
        allowedMethods: rule.allowedMethods.filter((method) => method !== "POST"),
      })),
    );

  test("sends the first object once more, by PUT, and each of the others once", async () => {
    withoutPost();
    const store = page();

    for (const key of ["a", "b", "c"]) await put(store, { key });

    expect(actions()).toEqual(["PostObject network", "PutObject", "PutObject", "PutObject"]);
  });
});

describe("a signer", () => {
  const signed: SignableRequest[][] = [];
  const handler = (authorize: (requests: readonly SignableRequest[]) => boolean = () => true): RequestSigner => {
    signed.length = 0;
    const handle = createSignHandler({
      region: "cn-hangzhou",
      bucket,
      endpoint: world.emulator.endpoint,
      credentials: account,
      maxBytes: 1000,
      authorize: (_, requests) => authorize(requests),
    });
    return async (requests) => {
      signed.push([...requests]);
      const answer = await handle(
        new Request("https://app.example/sign", { method: "POST", body: JSON.stringify(requests) }),
      );
      if (!answer.ok) throw Object.assign(new Error("no"), { status: answer.status });
      return (await answer.json()) as SignedRequest[];
    };
  };

  test("of the server half signs the form", async () => {
    await put(page({ signer: handler() }), { metadata: { a: "b" } });

    expect(actions()).toEqual(["PostObject"]);
    expect(await world.contentOf("a")).toEqual(bytes);
  });

  test("that knows no forms is asked for one once, and all objects go by PUT", async () => {
    const store = page({ signer: handler((requests) => requests.every(({ action }) => action !== "PostObject")) });

    for (const key of ["a", "b", "c"]) await put(store, { key });

    expect(actions()).toEqual(["PutObject", "PutObject", "PutObject"]);
    expect(signed.map((batch) => batch.map(({ action }) => action))).toEqual([
      ["PostObject"],
      ["PutObject"],
      ["PutObject"],
      ["PutObject"],
    ]);
  });
});

test("an object that arrives as other bytes than were digested is sent by PUT, which the service refuses", async () => {
  const store = page();

  const refused = store.putObject(
    { key: "a" },
    new MemoryBlob(seededBytes(9, 1)),
    digestOf(seededBytes(9, 2)),
    options,
  );

  expect(await failure(refused)).toMatchObject({ code: "corrupted", action: "PutObject" });
});
