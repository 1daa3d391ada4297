/** Keys, tokens, clocks and signers, against a service that checks them. Over the emulator. */

import { describe, expect, test } from "vitest";
import type { RequestSigner, SignableRequest } from "../../../src/store/bucket/signable-request.js";
import type { ObjectStore } from "../../../src/store/object-store.js";
import { ossPlace } from "../../../src/store/oss/addressing.js";
import { readOssCredentials } from "../../../src/store/oss/oss-credentials.js";
import type { CredentialsProvider } from "../../../src/store/oss/oss-options.js";
import { presignV1 } from "../../../src/store/oss/sign-v1.js";
import { presignV4 } from "../../../src/store/oss/sign-v4.js";
import { digestOf, failure } from "../../contracts/store-bench.js";
import { MemoryBlob, seededBytes } from "../../doubles/memory-file.js";
import { account, bucket, bucketForEachTest } from "./emulated.js";

const key = "目录/a b+c.bin";
const bytes = seededBytes(300);
const hour = 3_600_000;

const { world, traces, options } = bucketForEachTest();

/** Makes each request once. */
async function everything(store: ObjectStore) {
  const upload = { key, id: await store.initiate({ key, metadata: { author: "李雷" }, tags: { k: "v w" } }, options) };
  const part = await store.putPart(upload, 1, new MemoryBlob(bytes), digestOf(bytes), options);
  await store.listParts(upload, options);
  await store.complete(upload, [part], { acl: "private" }, options);
  await store.putObject({ key: "whole", contentType: "text/plain" }, new MemoryBlob(bytes), digestOf(bytes), options);
  await store.head(key, options);
  await store.abort({ key, id: await store.initiate({ key }, options) }, options);
}

describe("a page whose clock is wrong", () => {
  test.each([
    ["an hour behind", -hour],
    ["an hour ahead", hour],
    ["years behind", -20 * 365 * 24 * hour],
  ])("is refused once, %s, learns the time from the answer, and goes on", async (_, offMs) => {
    const store = world.connect({ credentials: account }, { now: () => Date.now() + offMs });

    const refused = await failure(store.initiate({ key }, options));
    await everything(store);

    expect(refused).toMatchObject({ code: "credentials", temporary: true, status: expect.any(Number) });
    expect(traces.filter((trace) => trace.error !== null)).toHaveLength(1);
  });

  test("is refused once under signature version 1, too", async () => {
    const store = world.connect({ credentials: account, signature: "v1" }, { now: () => Date.now() - hour });

    const refused = await failure(store.initiate({ key }, options));
    await everything(store);

    expect(refused).toMatchObject({ code: "credentials", serverCode: "RequestTimeTooSkewed", temporary: true });
  });
});

test("a page whose clock is years off cannot learn the time where the CORS rule hides it, and a retry has no chance", async () => {
  world.hide("Date");
  const store = world.connect({ credentials: account }, { now: () => Date.UTC(2006, 0, 1) });

  const refused = await failure(store.initiate({ key }, options));

  expect(refused).toMatchObject({ code: "credentials", temporary: false, hint: expect.stringContaining("Date") });
});

describe("a token", () => {
  function tokens(lifeMs: number) {
    const reasons: string[] = [];
    const credentials: CredentialsProvider = async ({ reason }) => {
      reasons.push(reason);
      return world.emulator.issueToken({ expiresInMs: lifeMs });
    };
    return { reasons, store: world.connect({ credentials }) };
  }

  test("signs every verb, under either version", async () => {
    const credentials = async () => world.emulator.issueToken({ expiresInMs: 900_000 });

    await everything(world.connect({ credentials }));
    await everything(world.connect({ credentials, signature: "v1" }));

    expect(traces.filter((trace) => trace.error !== null)).toEqual([]);
  });

  test.each(["SecurityTokenExpired", "InvalidAccessKeyId"] as const)(
    "that the service says is %s is fetched anew, once, and a retry has a chance",
    async (as) => {
      const { store, reasons } = tokens(900_000);
      await store.initiate({ key }, options);
      world.emulator.expireTokens({ as });

      const refused = await failure(store.initiate({ key }, options));
      await store.initiate({ key }, options);

      expect(refused).toMatchObject({ code: "credentials", serverCode: as, temporary: true, resumable: true });
      expect(reasons).toEqual(["first", "rejected"]);
    },
  );

  test("that is refused again after another one had worked for a while has a further chance", async () => {
    const { store, reasons } = tokens(900_000);
    for (let round = 0; round < 2; round += 1) {
      await store.initiate({ key }, options);
      world.emulator.expireTokens();
      expect(await failure(store.initiate({ key }, options))).toMatchObject({ code: "credentials", temporary: true });
    }

    expect(reasons).toEqual(["first", "rejected"]);
  });

  test("that was fetched anew twice and is refused as well has no further chance", async () => {
    const credentials = async () => {
      const token = world.emulator.issueToken({ expiresInMs: 900_000 });
      world.emulator.expireTokens();
      return token;
    };
    const store = world.connect({ credentials });

    for (const temporary of [true, true, false]) {
      expect(await failure(store.initiate({ key }, options))).toMatchObject({ code: "credentials", temporary });
    }
  });

  test("refused for six requests at once is fetched anew by one call", async () => {
    const { store, reasons } = tokens(900_000);
    const upload = { key, id: await store.initiate({ key }, options) };
    world.emulator.expireTokens();
    const putAll = () =>
      [1, 2, 3, 4, 5, 6].map((number) =>
        store.putPart(upload, number, new MemoryBlob(bytes), digestOf(bytes), options),
      );

    const refused = await Promise.all(putAll().map(failure));
    await Promise.all(putAll());

    expect(refused.every((error) => error.code === "credentials" && error.temporary)).toBe(true);
    expect(reasons).toEqual(["first", "rejected"]);
  });
});

test.each([
  ["an unknown key", { ...account, accessKeyId: "nobody" }, "InvalidAccessKeyId"],
  ["a wrong secret", { ...account, accessKeySecret: "wrong" }, "SignatureDoesNotMatch"],
])("%s that is given for good has no further chance", async (_, credentials, serverCode) => {
  const store = world.connect({ credentials });

  const refused = await failure(store.initiate({ key }, { ...options, refusals: 1 }));

  expect(refused).toMatchObject({ code: "credentials", serverCode, temporary: false, hint: expect.any(String) });
});

test.each([
  ["SignatureDoesNotMatch", true],
  ["RequestTimeTooSkewed", true],
  ["InvalidAccessKeyId", false],
])("a %s with a key given for good, and the right time, is worth one more try: %s", async (code, expected) => {
  const store = world.connect({ credentials: account });
  const fault = { kind: "error", status: 403, code } as const;
  world.emulator.faults.add({ on: "InitiateMultipartUpload", fault, times: 2 });

  const first = await failure(store.initiate({ key }, options));
  const second = await failure(store.initiate({ key }, { ...options, refusals: 1 }));

  expect([first.temporary, second.temporary]).toEqual([expected, false]);
});

describe("an application server that signs", () => {
  const place = () => ossPlace({ region: "cn-hangzhou", bucket, endpoint: world.emulator.endpoint });
  const urlOf = (request: SignableRequest, query: Record<string, string>) => ({
    url: place().urlOf(request.key, query),
  });
  const signs =
    (sign: (request: SignableRequest) => Promise<Record<string, string>>): RequestSigner =>
    async (requests) =>
      await Promise.all(requests.map(async (request) => urlOf(request, await sign(request))));

  test.each<[string, (request: SignableRequest) => Promise<Record<string, string>>]>([
    ["version 4", (request) => presignV4(request, account, { region: "cn-hangzhou" }, Date.now(), 60)],
    ["version 1", (request) => presignV1(request, account, Math.floor(Date.now() / 1000) + 60)],
    [
      "a token",
      (request) => {
        const token = readOssCredentials(world.emulator.issueToken({ expiresInMs: 900_000 }), "credentials", "it");
        return presignV4(request, token, { region: "cn-hangzhou" }, Date.now(), 60);
      },
    ],
  ])("lets the page do every verb without a key, by %s", async (_, sign) => {
    await everything(world.connect({ signer: signs(sign) }));

    expect(traces.filter((trace) => trace.error !== null)).toEqual([]);
  });

  test("whose URL came too late is asked for another one", async () => {
    let ageMs = hour;
    const sign = (request: SignableRequest) =>
      presignV4(request, account, { region: "cn-hangzhou" }, Date.now() - ageMs, 60);
    const store = world.connect({ signer: signs(sign) });

    const refused = await failure(store.initiate({ key }, options));
    ageMs = 0;
    await store.initiate({ key }, options);

    expect(refused).toMatchObject({ code: "credentials", temporary: true });
  });
});

test("no secret is in what is told about a failure", async () => {
  const token = world.emulator.issueToken({ expiresInMs: 900_000 });
  const store = world.connect({ credentials: { ...token, AccessKeySecret: "wrong-secret" } });

  const refused = await failure(store.initiate({ key }, options));

  const told = JSON.stringify([{ ...refused }, refused.message, refused.stack, refused.cause, traces]);
  expect(told).not.toContain(token.SecurityToken);
  expect(told).not.toContain("wrong-secret");
  expect(told).not.toContain("Signature=");
});
