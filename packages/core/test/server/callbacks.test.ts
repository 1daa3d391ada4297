/** `verifyCallback`: what OSS has signed is believed, and nothing else; Node's crypto signs here, and the library's own code verifies. */
import { constants, createHash, privateEncrypt } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verifyCallback } from "../../src/server/index.js";
import { md5 } from "../../src/server/md5.js";
import { calling, forged, form, key, keyOf, refusalOf } from "./calling-back.js";

describe("a callback of OSS is believed, and read", () => {
  test("a form, with its bytes as they came", async () => {
    const { body, raw } = await verifyCallback(calling(), { publicKey: key.publicKey });

    expect(body).toEqual({ object: "videos/1/a.mp4", size: "5" });
    expect(new TextDecoder().decode(raw)).toBe(form);
  });

  test("an object of JSON", async () => {
    const call = calling({ body: '{"object":"a 文.mp4","size":5}', type: "application/json; charset=utf-8" });

    expect((await verifyCallback(call, { publicKey: key.publicKey })).body).toEqual({ object: "a 文.mp4", size: 5 });
  });

  test.each([
    ["a query", "https://app.example/cb?user=1%2F2&x"],
    ["a path with encoded characters", "https://app.example/%E6%96%87%20a+b/cb?q=%20"],
  ])("with %s", async (_, url) => {
    expect(await refusalOf(calling({ url }))).toBe("believed");
  });

  test.each([512, 1000, 1024, 2048, 4096])("signed by a key of %i bits", async (bits) => {
    const other = keyOf(bits);

    expect(await refusalOf(calling({ by: other.privateKey }), { publicKey: other.publicKey })).toBe("believed");
  });

  test("signed by a key whose exponent is 3, and given without PEM's lines", async () => {
    const other = keyOf(1024, 3);
    const publicKey = other.publicKey.replace(/-----.*-----|\n/g, "");

    expect(await refusalOf(calling({ by: other.privateKey }), { publicKey })).toBe("believed");
  });

  test.each([
    ["a path", "/public/stored", "/public/stored?v=1"],
    ["a path and a query", "/public/stored?v=2", "/public/stored?v=2"],
    ["a path and an empty query's absence", "/%E6%96%87?", "/文?"],
  ])("behind a proxy that rewrites it, by %s", async (_, path, signed) => {
    const call = () => calling({ url: "https://inner.local:8080/stored?v=1", signed });

    expect(await refusalOf(call(), { publicKey: key.publicKey, path })).toBe("believed");
    expect(await refusalOf(call())).toEqual(forged);
  });
});

describe("what OSS did not sign is refused", () => {
  const authorization = calling().headers.get("authorization") ?? "";
  const other = keyOf(1024);

  test.each<[string, Request]>([
    ["another body", calling({ body: form.replace("a.mp4", "b.mp4"), headers: { authorization } })],
    ["an empty body", calling({ body: "", headers: { authorization } })],
    ["another path", calling({ url: "https://app.example/api/other", headers: { authorization } })],
    ["a query that was added", calling({ url: "https://app.example/api/stored?admin=1", headers: { authorization } })],
    ["another query", calling({ url: "https://app.example/cb?a=2", signed: "/cb?a=1" })],
    ["a key of somebody else", calling({ by: other.privateKey })],
    ["no signature", calling({ headers: { authorization: undefined } })],
    ["an empty signature", calling({ headers: { authorization: "" } })],
    ["a signature that is no base64", calling({ headers: { authorization: "Bearer !" } })],
    ["a signature with a byte more", calling({ headers: { authorization: btoa(`\0${atob(authorization)}`) } })],
    ["a signature of zeros", calling({ headers: { authorization: Buffer.alloc(128).toString("base64") } })],
    [
      "a signature of the number 1",
      calling({ headers: { authorization: Buffer.from([...Buffer.alloc(127), 1]).toString("base64") } }),
    ],
    [
      "a signature beyond the modulus",
      calling({ headers: { authorization: Buffer.alloc(128, 0xff).toString("base64") } }),
    ],
  ])("%s", async (_, request) => {
    expect(await refusalOf(request)).toEqual(forged);
  });

  const digest = createHash("md5").update(`/api/stored\n${form}`).digest();
  const info = Buffer.from("3020300c06082a864886f70d020505000410", "hex");
  const padded = (...pieces: readonly Uint8Array[]) => {
    const end = Buffer.concat(pieces);
    return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(126 - end.length, 0xff), end]);
  };
  const raw = (block: Uint8Array) =>
    privateEncrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, block).toString("base64");
  const zero = Buffer.from([0]);

  test("a block padded as the standard says is the one that is believed", async () => {
    expect(await refusalOf(calling({ headers: { authorization: raw(padded(zero, info, digest)) } }))).toBe("believed");
  });

  const short = Buffer.concat([Buffer.from([0, 1, 0xff, 0xff]), zero, info, digest]);
  test.each<[string, Buffer]>([
    ["rubbish behind the digest, and less filling", Buffer.concat([short, Buffer.alloc(128 - short.length, 7)])],
    ["filling that is not all ones", padded(Buffer.from([0xfe]), zero, info, digest)],
    ["another hash", padded(zero, Buffer.from("3021300906052b0e03021a05000414", "hex"), Buffer.alloc(4), digest)],
    ["no name of the hash", padded(zero, digest)],
    ["the hash named without parameters", padded(zero, Buffer.from("301e300a06082a864886f70d02050410", "hex"), digest)],
    ["the block of encryption", Buffer.concat([Buffer.from([0, 2]), padded(zero, info, digest).subarray(2)])],
  ])("a block with %s", async (_, block) => {
    expect(await refusalOf(calling({ headers: { authorization: raw(block) } }))).toEqual(forged);
  });

  test("whatever single bit is changed", async () => {
    const bytes = Buffer.from(authorization, "base64");
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 8 * bytes.length - 1 }), async (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await refusalOf(calling({ headers: { authorization: changed.toString("base64") } }))).toEqual(forged);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a body that cannot be read is refused", () => {
  const bodyOf = (size: number) => "a".repeat(size);

  test("1 MiB is read, and a byte more is too large", async () => {
    expect(await refusalOf(calling({ body: bodyOf(2 ** 20) }))).toBe("believed");
    expect(await refusalOf(calling({ body: bodyOf(2 ** 20 + 1) }))).toEqual(["rejected", 413]);
  });

  test("one without an end is read to the limit and no further", async () => {
    let given = 0;
    const body = new ReadableStream({
      pull(controller) {
        given += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const { headers, url } = calling();
    const request = new Request(url, { method: "POST", headers, body, ...{ duplex: "half" } });

    expect(await refusalOf(request)).toEqual(["rejected", 413]);
    expect(given).toBeLessThan(2 ** 20 + 5 * 65_536);
  });

  test("one that breaks off", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
    const { headers, url } = calling();

    expect(await refusalOf(new Request(url, { method: "POST", headers, body, ...{ duplex: "half" } }))).toEqual([
      "rejected",
      400,
    ]);
  });

  test.each(["[1]", "null", "{", "7"])("JSON that is no object: %s", async (body) => {
    expect(await refusalOf(calling({ body, type: "application/json" }))).toEqual(["rejected", 400]);
  });

  test("a path that is no UTF-8", async () => {
    expect(await refusalOf(calling({ url: "https://app.example/%ff", signed: "/" }))).toEqual(["rejected", 400]);
  });

  test("one that something else has read: the app is told", async () => {
    const request = calling();
    await request.text();

    expect(await refusalOf(request)).toEqual(["invalid-option", undefined]);
  });

  test("a field named __proto__ is a field", async () => {
    const { body } = await verifyCallback(calling({ body: "__proto__=1" }), { publicKey: key.publicKey });

    expect(Object.keys(body)).toEqual(["__proto__"]);
  });
});

test("MD5 is that of Node, for every length around its blocks", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(md5(bytes)).toString("hex")).toBe(createHash("md5").update(bytes).digest("hex"));
    }),
  );
  for (const length of [0, 55, 56, 63, 64, 65, 119, 120, 1_000_000]) {
    const bytes = new Uint8Array(length).fill(0xa5);
    expect(Buffer.from(md5(bytes)).toString("hex")).toBe(createHash("md5").update(bytes).digest("hex"));
  }
});
