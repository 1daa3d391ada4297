/** Computes the tables with which a CRC-64 takes many bytes at a time. */

/** The reflected polynomial of ECMA-182, in two halves of 32 bits: a BigInt per byte would be some fifty times slower. */
const polynomialHigh = 0xc96c5795;
const polynomialLow = 0xd7870f42;

export interface Crc64Tables {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/**
 * Puts `count` tables one after the other: entry `256 k + b` is what byte `b` does to the CRC when `k` zero bytes follow it.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm CRC-64/XZ
 */
export function createCrc64Tables(count: number): Crc64Tables {
  const high = new Uint32Array(count * 256);
  const low = new Uint32Array(count * 256);
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

/** Reads an entry whose index the caller knows to be inside, so that no value is `undefined` to the compiler. */
export function at(table: Uint32Array | Uint8Array, index: number): number {
  return table[index] as number;
}
