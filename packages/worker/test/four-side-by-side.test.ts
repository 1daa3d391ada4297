import { createHash } from "node:crypto";
import fc from "fast-check";
import { createCRC64 } from "hash-wasm";
import { expect, it } from "vitest";
import type { Four } from "../src/contract.js";
import { compileHasherOfFour, fourOf } from "../src/hashers/hasher-of-four.js";
import { compileWasmHasher } from "../src/hashers/wasm.js";
import { noise } from "./doubles/noise.js";

const createHasherOfFour = await compileHasherOfFour(await compileWasmHasher());
const hasher = createHasherOfFour();
const both = { md5: true, crc64: true };

const crc64 = await createCRC64();
const crc64ByHashWasm = (bytes: Uint8Array) => BigInt(`0x${crc64.init().update(bytes).digest()}`);
const md5ByNode = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

type Bytes = Uint8Array<ArrayBuffer>;

/** Four messages of one length and of different bytes. */
const fourMessages = (size: number): Four<Bytes> => fourOf((message) => noise(size, message + 1));

function hash(messages: Four<Bytes>, pieceSize: number, wanted = both) {
  hasher.reset(wanted);
  for (let at = 0; at < messages[0].length; at += pieceSize) {
    // Erases each piece after the call, as a stream's next read does: the hasher must not need it any more.
    const pieces = fourOf((message) => messages[message].slice(at, at + pieceSize));
    hasher.update(pieces);
    for (const piece of pieces) piece.fill(0);
  }
  return hasher.finish().map(({ md5, crc64, size }) => ({ md5: md5 && Buffer.from(md5).toString("hex"), crc64, size }));
}

const expected = (messages: Four<Bytes>) =>
  messages.map((bytes) => ({ md5: md5ByNode(bytes), crc64: crc64ByHashWasm(bytes), size: bytes.length }));

it("gives Node's MD5 and hash-wasm's CRC-64 for every length up to five blocks", () => {
  for (let size = 0; size <= 320; size++) expect(hash(fourMessages(size), 1000)).toEqual(expected(fourMessages(size)));
});

it.each([32_767, 32_768, 32_769, 65_536, 100_001, 2 ** 20])(
  "gives Node's MD5 and hash-wasm's CRC-64 of %i bytes",
  (size) => {
    expect(hash(fourMessages(size), 2 ** 20)).toEqual(expected(fourMessages(size)));
  },
);

it("gives the same digests however many blocks each piece has", () => {
  fc.assert(
    fc.property(fc.nat(120_000), fc.integer({ min: 1, max: 1500 }), (size, blocks) => {
      expect(hash(fourMessages(size), 64 * blocks)).toEqual(expected(fourMessages(size)));
    }),
  );
});

it("computes the CRC-64 without the MD5 if only that is wanted", () => {
  const messages = fourMessages(70_001);

  const digests = hash(messages, 2 ** 20, { md5: false, crc64: true });

  expect(digests).toEqual(expected(messages).map((digest) => ({ ...digest, md5: undefined })));
});

it("a changed message changes its own digests and not those of the other three", () => {
  const before = hash(fourMessages(1000), 1000);

  for (const changed of [0, 1, 2, 3]) {
    const messages = fourMessages(1000);
    const message = messages[changed];
    if (message !== undefined) message[500] = (message[500] ?? 0) ^ 1;

    const after = hash(messages, 1000);

    expect(after.map((digest, message) => digest.md5 !== before[message]?.md5)).toEqual(
      [0, 1, 2, 3].map((message) => message === changed),
    );
  }
});

it("begins four new messages although the last four were not finished", () => {
  hasher.reset(both);
  hasher.update(fourMessages(40_001));

  expect(hash(fourMessages(10), 1000)).toEqual(expected(fourMessages(10)));
});
