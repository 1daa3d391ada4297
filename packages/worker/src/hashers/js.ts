/** Computes MD5 and CRC-64 in JavaScript, for pages that forbid WebAssembly. Measured: MD5 113 MB/s, CRC-64 1,000 MB/s. */
import SparkMD5 from "spark-md5";
import type { DigestKinds } from "../contract.js";
import { at, type Crc64Tables, createCrc64Tables } from "./crc64-tables.js";
import type { Hasher } from "./hasher.js";

export function createJsHasher(): Hasher {
  const md5 = createMd5();
  const crc64 = createCrc64();
  let wanted: DigestKinds = { md5: false, crc64: false };
  let size = 0;
  return {
    reset(kinds) {
      wanted = kinds;
      size = 0;
      md5.reset();
      crc64.reset();
    },
    update(piece) {
      size += piece.length;
      if (wanted.md5) md5.update(piece);
      if (wanted.crc64) crc64.update(piece);
    },
    finish: () => ({
      md5: wanted.md5 ? md5.finish() : undefined,
      crc64: wanted.crc64 ? crc64.finish() : undefined,
      size,
    }),
  };
}

interface OneDigest<Result> {
  reset(): void;
  update(piece: Uint8Array<ArrayBuffer>): void;
  finish(): Result;
}

function createMd5(): OneDigest<Uint8Array<ArrayBuffer>> {
  const md5 = new SparkMD5.ArrayBuffer();
  return {
    reset: () => void md5.reset(),
    update({ buffer, byteOffset, byteLength }) {
      const whole = byteLength === buffer.byteLength;
      md5.append(whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength));
    },
    // `end(true)` gives a string of 16 characters, one for each byte.
    finish: () => Uint8Array.from(md5.end(true), (character) => character.charCodeAt(0)),
  };
}

let tables: Crc64Tables | undefined;

function createCrc64(): OneDigest<bigint> {
  tables ??= createCrc64Tables(8);
  const { high, low } = tables;
  let h = 0;
  let l = 0;
  return {
    reset() {
      h = -1;
      l = -1;
    },
    update(piece) {
      const size = piece.length;
      const wholeEights = size - (size % 8);
      let i = 0;
      for (; i < wholeEights; i += 8) {
        l ^= at(piece, i) | (at(piece, i + 1) << 8) | (at(piece, i + 2) << 16) | (at(piece, i + 3) << 24);
        h ^= at(piece, i + 4) | (at(piece, i + 5) << 8) | (at(piece, i + 6) << 16) | (at(piece, i + 7) << 24);
        const a = 1792 + (l & 255);
        const b = 1536 + ((l >>> 8) & 255);
        const c = 1280 + ((l >>> 16) & 255);
        const d = 1024 + (l >>> 24);
        const e = 768 + (h & 255);
        const f = 512 + ((h >>> 8) & 255);
        const g = 256 + ((h >>> 16) & 255);
        const k = h >>> 24;
        h =
          at(high, a) ^ at(high, b) ^ at(high, c) ^ at(high, d) ^ at(high, e) ^ at(high, f) ^ at(high, g) ^ at(high, k);
        l = at(low, a) ^ at(low, b) ^ at(low, c) ^ at(low, d) ^ at(low, e) ^ at(low, f) ^ at(low, g) ^ at(low, k);
      }
      for (; i < size; i++) {
        const entry = (l ^ at(piece, i)) & 255;
        l = ((l >>> 8) | (h << 24)) ^ at(low, entry);
        h = (h >>> 8) ^ at(high, entry);
      }
    },
    finish: () => (BigInt(~h >>> 0) << 32n) | BigInt(~l >>> 0),
  };
}
