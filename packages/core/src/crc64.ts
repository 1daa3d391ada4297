/** CRC-64 by any reflected polynomial: of bytes, and of pieces joined. All bits are inverted at the start and at the end. Pure. */

/** One piece of a longer sequence of bytes. The CRC is unsigned, the length in bytes. */
export interface Checksummed {
  readonly crc64: bigint;
  readonly length: number;
}

export interface Crc64 {
  /** `crc64(b, crc64(a))` is the CRC of a followed by b. For short inputs: the workers hash long ones. */
  crc64(bytes: Uint8Array, start?: bigint): bigint;
  /** The CRC of all pieces joined in the given order, from their CRCs and lengths. No pieces: 0, the CRC of nothing. */
  combineAll(pieces: Iterable<Checksummed>): bigint;
}

/** A CRC, or a table of CRCs, in two 32-bit halves. With BigInt, joining 10,000 parts blocked the page for 119 ms. */
interface Halves<T> {
  low: T;
  high: T;
}

/** What so many zero bytes do to a CRC: for each hexadecimal digit of the CRC, lowest first, a table of 16. */
type Operator = Readonly<Halves<Int32Array>>;

const one = 1n << 63n;
const keptOperators = 32;

/** @param polynomial reflected: bit 63 is x⁰ */
export function crc64By(polynomial: bigint): Crc64 {
  let table: Operator | undefined;
  // Every part but the last has the same length.
  const operators = new Map<number, Operator>();

  function operatorFor(length: number): Operator {
    const kept = operators.get(length);
    if (kept !== undefined) return kept;
    const built = buildOperator(zeroBytes(length, polynomial), polynomial);
    if (operators.size === keptOperators) operators.clear();
    operators.set(length, built);
    return built;
  }

  return {
    crc64(bytes, start = 0n) {
      table ??= byteTable(polynomial);
      const { low, high } = table;
      let lowHalf = ~Number(start & 0xffffffffn);
      let highHalf = ~Number(start >> 32n);
      for (const byte of bytes) {
        const index = (lowHalf ^ byte) & 0xff;
        lowHalf = ((lowHalf >>> 8) | (highHalf << 24)) ^ (low[index] ?? 0);
        highHalf = (highHalf >>> 8) ^ (high[index] ?? 0);
      }
      return (BigInt(~highHalf >>> 0) << 32n) | BigInt(~lowHalf >>> 0);
    },
    combineAll(pieces) {
      const whole = split(0n);
      for (const { crc64, length } of pieces) append(whole, operatorFor(length), split(crc64));
      return join(whole);
    },
  };
}

const splitter = new DataView(new ArrayBuffer(8));

function split(crc: bigint): Halves<number> {
  splitter.setBigUint64(0, crc);
  return { low: splitter.getInt32(4), high: splitter.getInt32(0) };
}

function join({ low, high }: Halves<number>): bigint {
  splitter.setInt32(4, low);
  splitter.setInt32(0, high);
  return splitter.getBigUint64(0);
}

function append(whole: Halves<number>, operator: Operator, piece: Halves<number>): void {
  let { low, high } = piece;
  for (let digit = 0; digit < 16; digit++) {
    const half = digit < 8 ? whole.low : whole.high;
    const entry = 16 * digit + ((half >>> (4 * (digit % 8))) & 15);
    low ^= operator.low[entry] ?? 0;
    high ^= operator.high[entry] ?? 0;
  }
  whole.low = low;
  whole.high = high;
}

/** The effect that appending a number of zero bytes has on a CRC: a table of 16 for each hexadecimal digit of the CRC, lowest first. */
function buildOperator(factor: bigint, polynomial: bigint): Operator {
  const bits: Halves<number>[] = [];
  let product = factor;
  for (let power = 0; power < 64; power++) {
    bits[63 - power] = split(product);
    product = timesX(product, polynomial);
  }
  const low = new Int32Array(256);
  const high = new Int32Array(256);
  for (let entry = 0; entry < 256; entry++) {
    const digit = entry >> 4;
    for (let bit = 0; bit < 4; bit++) {
      if (((entry >> bit) & 1) === 0) continue;
      low[entry] = (low[entry] ?? 0) ^ (bits[4 * digit + bit]?.low ?? 0);
      high[entry] = (high[entry] ?? 0) ^ (bits[4 * digit + bit]?.high ?? 0);
    }
  }
  return { low, high };
}

/** x^(8·length) mod polynomial: appending a zero byte multiplies by x⁸. */
function zeroBytes(length: number, polynomial: bigint): bigint {
  let result = one;
  let power = one >> 8n;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = times(result, power, polynomial);
    power = times(power, power, polynomial);
  }
  return result;
}

function times(a: bigint, b: bigint, polynomial: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit !== 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = timesX(shifted, polynomial);
  }
  return product;
}

function timesX(value: bigint, polynomial: bigint): bigint {
  return (value & 1n) === 0n ? value >> 1n : (value >> 1n) ^ polynomial;
}

// Two 32-bit halves: with BigInt the loop over bytes is some fifty times slower.
function byteTable(polynomial: bigint): Operator {
  const low = new Int32Array(256);
  const high = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = timesX(value, polynomial);
    low[byte] = Number(value & 0xffffffffn);
    high[byte] = Number(value >> 32n);
  }
  return { low, high };
}
