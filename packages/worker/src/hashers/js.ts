/** MD5 and CRC-64 where WebAssembly is forbidden. Measured: 113 and 1,000 MB/s. */
import SparkMD5 from "spark-md5";
import type { Hasher, Hashers } from "./hashers.js";

export async function createJsHashers(): Promise<Hashers> {
  return { md5: createMd5(), crc64: createCrc64() };
}

function createMd5(): Hasher<Uint8Array<ArrayBuffer>> {
  const md5 = new SparkMD5.ArrayBuffer();
  return {
    reset: () => void md5.reset(),
    update({ buffer, byteOffset, byteLength }) {
      const whole = byteLength === buffer.byteLength;
      md5.append(whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength));
    },
    // The raw result is a string of 16 characters below 256.
    finish: () => Uint8Array.from(md5.end(true), (character) => character.charCodeAt(0)),
  };
}

/** The reflected polynomial of ECMA-182, in halves: a BigInt per byte would be some fifty times slower. */
const polynomialHigh = 0xc96c5795;
const polynomialLow = 0xd7870f42;

/**
 * Tables for eight bytes at a time: entry `256 k + b` is what byte `b` does to the CRC when `k` zero bytes follow it.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm CRC-64/XZ
 */
function createTables(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const high = new Uint32Array(8 * 256);
  const low = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (odd === 1) {
        h ^= polynomialHigh;
        l ^= polynomialLow;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let entry = 256; entry < high.length; entry++) {
    const h = at(high, entry - 256);
    const l = at(low, entry - 256);
    high[entry] = (h >>> 8) ^ at(high, l & 255);
    low[entry] = ((l >>> 8) | (h << 24)) ^ at(low, l & 255);
  }
  return { high, low };
}

/** Inside the tables by construction. */
function at(table: Uint32Array | Uint8Array, index: number): number {
  return table[index] as number;
}

let tables: ReturnType<typeof createTables> | undefined;

function createCrc64(): Hasher<bigint> {
  tables ??= createTables();
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
      const wholeWords = size - (size % 8);
      let i = 0;
      for (; i < wholeWords; i += 8) {
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
