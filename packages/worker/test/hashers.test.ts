import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { borrowHashers, type Hasher, returnHashers } from "../src/hashers/hashers.js";
import { createJsHashers } from "../src/hashers/js.js";
import { createWasmHashers } from "../src/hashers/wasm.js";

const js = await createJsHashers();
const wasm = await createWasmHashers();

function hash<T>(hasher: Hasher<T>, ...pieces: Uint8Array<ArrayBuffer>[]): T {
  hasher.reset();
  for (const piece of pieces) hasher.update(piece);
  return hasher.finish();
}

const text = (value: string) => new TextEncoder().encode(value);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe.each([
  ["WebAssembly", wasm],
  ["JavaScript", js],
])("the hashers in %s", (_, { md5, crc64 }) => {
  // https://github.com/aliyun/aliyun-oss-go-sdk oss/crc_test.go, computed with the service's polynomial
  it.each([
    ["", 0n],
    ["a", 3675645893302102789n],
    ["123456789", 11051210869376104954n],
    ["This is a test of the emergency broadcast system.", 2871916124362751090n],
    ["Even if I could be Shakespeare, I think I should still choose to be Faraday. - A. Huxley", 8850241425668899847n],
    ["hello world", 5981764153023615706n],
    ["\0".repeat(102400), 15337097285471591505n],
  ])("give the CRC-64 of %j", (data, expected) => {
    expect(hash(crc64, text(data))).toBe(expected);
  });

  it("give the MD5 and CRC-64 of the parts of a whole upload", () => {
    const file = Uint8Array.from({ length: 250_000 }, (_, i) => ((i % 256) ** 2 + 3 * i + Math.floor(i / 256)) & 255);
    const parts = [file.slice(0, 102_400), file.slice(102_400, 204_800), file.slice(204_800), file];

    const names = parts.map((part) => [hex(hash(md5, part)).toUpperCase(), hash(crc64, part)]);

    expect(names).toEqual([
      ["262E402B2319A30BFB4DB50FE0AEF363", 1967101823507420816n],
      ["C061F513CC90E0403C55B2B5BE2ABD9D", 10436235596245411437n],
      ["EBE387C1308EC42A075D36B66FE1C53F", 1841273657197227864n],
      ["E396A1FC0F0CC98BBD689844C347A06F", 10948743653105639670n],
    ]);
  });

  it("do not care where the pieces end, nor where in a buffer they lie", () => {
    const piece = fc.uint8Array({ maxLength: 200 }).map((bytes) => {
      const around = new Uint8Array(bytes.length + 6);
      around.set(bytes, 3);
      return around.subarray(3, 3 + bytes.length);
    });

    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const whole = new Uint8Array(Buffer.concat(pieces));

        expect(hex(hash(md5, ...pieces))).toBe(createHash("md5").update(whole).digest("hex"));
        expect(hash(crc64, ...pieces)).toBe(hash(crc64, whole));
      }),
    );
  });

  it("begin anew after one that was left half-way", () => {
    md5.reset();
    md5.update(text("left behind"));
    crc64.reset();
    crc64.update(text("left behind"));

    expect(hex(hash(md5, text("a")))).toBe("0cc175b9c0f1b6a831c399e269772661");
    expect(hash(crc64, text("a"))).toBe(3675645893302102789n);
  });
});

it("WebAssembly and JavaScript agree about everything", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      const piece = new Uint8Array(bytes);

      expect(hash(js.crc64, piece)).toBe(hash(wasm.crc64, piece));
      expect(hash(js.md5, piece)).toEqual(hash(wasm.md5, piece));
    }),
  );
});

it("a finished MD5 stays what it is when the hasher goes on", () => {
  const first = hash(wasm.md5, text("a"));
  hash(wasm.md5, text("b"));

  expect(hex(first)).toBe("0cc175b9c0f1b6a831c399e269772661");
});

it("hashers are kept for the next digest, and never lent twice", async () => {
  const first = await borrowHashers();
  const second = await borrowHashers();
  returnHashers(first);

  const third = await borrowHashers();

  expect(second).not.toBe(first);
  expect(third).toBe(first);
});
