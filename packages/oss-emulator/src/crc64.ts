/** Computes the CRC-64/XZ of an object from the CRCs of its parts, without reading the bytes again. */

// Reflected arithmetic modulo the ECMA-182 polynomial: bit 63 is the coefficient of x^0.
const polynomial = 0xc96c5795d7870f42n;
const one = 1n << 63n;

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit !== 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 0n ? shifted >> 1n : (shifted >> 1n) ^ polynomial;
  }
  return product;
}

// squares[i] = x^(2^i). 56 are enough: a length in bytes has at most 53 bits, and in bits 3 more.
const squares: bigint[] = [one >> 1n];
for (let i = 1; i < 56; i++) {
  const previous = squares[i - 1] ?? one;
  squares.push(multiply(previous, previous));
}

function shiftBy(bytes: number): bigint {
  let factor = one;
  let rest = BigInt(bytes) * 8n;
  for (let i = 0; rest !== 0n; i++, rest >>= 1n) {
    if ((rest & 1n) !== 0n) factor = multiply(factor, squares[i] ?? one);
  }
  return factor;
}

/**
 * @param pieces the unsigned CRC and the length in bytes of each piece, in order
 * @returns the CRC of all pieces one after the other; 0 for none
 */
export function combineCrc64(pieces: Iterable<{ readonly crc64: bigint; readonly size: number }>): bigint {
  // Almost all parts of an upload have the same size, so the last factor is kept.
  let factorSize = -1;
  let factor = one;
  let combined = 0n;
  for (const { crc64, size } of pieces) {
    if (size !== factorSize) {
      factor = shiftBy(size);
      factorSize = size;
    }
    combined = multiply(factor, combined) ^ crc64;
  }
  return combined;
}
