import { createHash } from "node:crypto";
import fc from "fast-check";
import { createCRC64 } from "hash-wasm";
import { describe, expect, it } from "vitest";
import type { DigestKinds } from "../src/contract.js";
import type { Hasher } from "../src/hashers/hasher.js";
import { borrowHasher, returnHasher } from "../src/hashers/hashers.js";
import { createJsHasher } from "../src/hashers/js.js";
import { compileWasmHasher, md5Padding } from "../src/hashers/wasm.js";
import { noise } from "./doubles/noise.js";

const createWasmHasher = await compileWasmHasher();
const wasm = createWasmHasher();
const js = createJsHasher();
const both = { md5: true, crc64: true };

function hash(hasher: Hasher, pieces: readonly Uint8Array<ArrayBuffer>[], wanted: DigestKinds = both) {
  hasher.reset(wanted);
  for (const piece of pieces) hasher.update(piece);
  const { md5, crc64, size } = hasher.finish();
  return { md5: md5 && hex(md5), crc64, size };
}

const text = (value: string) => new TextEncoder().encode(value);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const md5ByNode = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

const crc64 = await createCRC64();
const crc64ByHashWasm = (bytes: Uint8Array) => BigInt(`0x${crc64.init().update(bytes).digest()}`);

/** Computes the CRC-64 from its definition, a bit at a time. */
function crc64ByBits(bytes: Uint8Array): bigint {
  let crc = 2n ** 64n - 1n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc % 2n === 1n ? (crc >> 1n) ^ 0xc96c5795d7870f42n : crc >> 1n;
  }
  return crc ^ (2n ** 64n - 1n);
}

describe.each([
  ["WebAssembly", wasm],
  ["JavaScript", js],
])("the hasher in %s", (_, hasher) => {
  // https://github.com/aliyun/aliyun-oss-go-sdk oss/crc_test.go, computed with the service's polynomial
  it.each([
    ["the empty text", "", 0n],
    ['"a"', "a", 3675645893302102789n],
    ["nine digits", "123456789", 11051210869376104954n],
    ["a sentence", "This is a test of the emergency broadcast system.", 2871916124362751090n],
    [
      "two sentences",
      "Even if I could be Shakespeare, I think I should still choose to be Faraday. - A. Huxley",
      8850241425668899847n,
    ],
    ["two words", "hello world", 5981764153023615706n],
    ["100 KiB of zeros", "\0".repeat(102400), 15337097285471591505n],
  ])("gives the published CRC-64 of %s", (_, data, expected) => {
    expect(hash(hasher, [text(data)]).crc64).toBe(expected);
  });

  // RFC 1321, A.5
  it.each([
    ["the empty text", "", "d41d8cd98f00b204e9800998ecf8427e"],
    ['"abc"', "abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["80 digits", "1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ])("gives the published MD5 of %s", (_, data, expected) => {
    expect(hash(hasher, [text(data)]).md5).toBe(expected);
  });

  it("gives the published MD5 and CRC-64 of a file and its three parts", () => {
    const file = Uint8Array.from({ length: 250_000 }, (_, i) => ((i % 256) ** 2 + 3 * i + Math.floor(i / 256)) & 255);
    const parts = [file.slice(0, 102_400), file.slice(102_400, 204_800), file.slice(204_800), file];

    const names = parts.map((part) => hash(hasher, [part]));

    expect(names).toEqual([
      { md5: "262e402b2319a30bfb4db50fe0aef363", crc64: 1967101823507420816n, size: 102_400 },
      { md5: "c061f513cc90e0403c55b2b5be2abd9d", crc64: 10436235596245411437n, size: 102_400 },
      { md5: "ebe387c1308ec42a075d36b66fe1c53f", crc64: 1841273657197227864n, size: 45_200 },
      { md5: "e396a1fc0f0cc98bbd689844c347a06f", crc64: 10948743653105639670n, size: 250_000 },
    ]);
  });

  it("gives Node's MD5 and the definition's CRC-64 for every length up to five blocks", () => {
    const lengths = Array.from({ length: 321 }, (_, length) => noise(length));

    const digests = lengths.map((bytes) => hash(hasher, [bytes]));

    expect(digests).toEqual(
      lengths.map((bytes) => ({ md5: md5ByNode(bytes), crc64: crc64ByBits(bytes), size: bytes.length })),
    );
  });

  it.each([32_703, 32_704, 32_705, 65_407, 65_408, 65_409, 2 ** 20, 5_000_011])(
    "gives Node's MD5 and hash-wasm's CRC-64 of %i bytes",
    (size) => {
      const bytes = noise(size);

      const digest = hash(hasher, [bytes]);

      expect(digest).toEqual({ md5: md5ByNode(bytes), crc64: crc64ByHashWasm(bytes), size });
    },
  );

  it("gives the same digests wherever pieces end, and wherever in a buffer they lie", () => {
    const length = fc.oneof(fc.nat(200), fc.nat(70_000), fc.constantFrom(32_704, 64, 0));
    const kinds = fc.record({ md5: fc.boolean(), crc64: fc.boolean() });

    fc.assert(
      fc.property(fc.array(fc.tuple(length, fc.nat(9)), { maxLength: 8 }), kinds, (shapes, wanted) => {
        const pieces = shapes.map(([size, before]) => noise(before + size + 3).subarray(before, before + size));
        const whole = Buffer.concat(pieces);

        expect(hash(hasher, pieces, wanted)).toEqual({
          md5: wanted.md5 ? md5ByNode(whole) : undefined,
          crc64: wanted.crc64 ? crc64ByHashWasm(whole) : undefined,
          size: whole.length,
        });
      }),
    );
  });

  it("begins a new message although the last one was not finished", () => {
    hasher.reset(both);
    hasher.update(noise(40_001));

    expect(hash(hasher, [text("a")])).toEqual({
      md5: "0cc175b9c0f1b6a831c399e269772661",
      crc64: 3675645893302102789n,
      size: 1,
    });
  });

  it("does not change an MD5 that it gave when it hashes the next message", () => {
    hasher.reset(both);
    const { md5 } = hasher.finish();

    hash(hasher, [text("b")]);

    expect(md5 && hex(md5)).toBe("d41d8cd98f00b204e9800998ecf8427e");
  });
});

it("two hashers at work do not mix their messages", () => {
  const other = createWasmHasher();
  wasm.reset(both);
  wasm.update(text("a"));

  hash(other, [noise(100_000)]);

  expect(wasm.finish().crc64).toBe(3675645893302102789n);
});

it("an MD5 of more than 2^32 bits is what Node computes", () => {
  const piece = noise(2 ** 20);
  const reference = createHash("md5");
  const pieces = Array.from({ length: 513 }, () => piece);
  for (const each of pieces) reference.update(each);

  const { md5 } = hash(wasm, pieces, { md5: true, crc64: false });

  expect(md5).toBe(reference.digest("hex"));
});

it("the padding of an MD5 fills a block and ends with the number of bits, also beyond 4 GiB", () => {
  const anySize = fc.oneof(fc.nat(300), fc.integer({ min: 2 ** 32, max: 2 ** 53 - 72 }));

  fc.assert(
    fc.property(anySize, (size) => {
      const padding = Buffer.from(md5Padding(size));

      expect((size + padding.length) % 64).toBe(0);
      expect(padding.length).toBeGreaterThanOrEqual(9);
      expect(padding.length).toBeLessThanOrEqual(72);
      expect(padding.readBigUInt64LE(padding.length - 8)).toBe(BigInt(size) * 8n);
      expect(padding.subarray(0, -8).toString("hex")).toMatch(/^80(00)*$/);
    }),
  );
});

it("a hasher that was given back serves the next digest, and one in use is never lent again", async () => {
  const first = await borrowHasher();
  const second = await borrowHasher();
  returnHasher(first);

  const third = await borrowHasher();

  expect(second).not.toBe(first);
  expect(third).toBe(first);
});
