/** Computes the CRC-64 of sixteen bytes by sixteen table look-ups. The tables lie at the beginning of a kernel's memory. */

import { type Code, get, i32, i64, set } from "./assembler.js";
import { at, createCrc64Tables } from "./crc64-tables.js";

/** 16 tables of 256 × i64. Table `k` says what each byte does to a CRC-64 when `k` zero bytes follow it. */
export const tableCount = 16;
const tableSize = 256 * 8;
export const tablesEnd = tableCount * tableSize;

export const tableOf = (following: number) => tableSize * following;

/** Numbers of the i64 locals that the look-ups use. */
export interface Crc64Locals {
  readonly crc: number;
  readonly word: number;
  readonly nextWord: number;
  readonly half: number;
}

/**
 * XORs the found entries into two sums, `crc` and `half`, because two chains of eight steps take less time than one of sixteen.
 *
 * @param bytes loads the 64 bits at that offset
 * @returns one piece of code for each look-up. The caller may put other instructions between them
 */
export function crc64LookUps(
  { crc, word, nextWord, half }: Crc64Locals,
  bytes: (offset: number) => Code,
): readonly Code[] {
  const load = [set(word, i64.xor(get(crc), bytes(0))), set(nextWord, bytes(8))];
  return Array.from({ length: tableCount }, (_, byte) => {
    const found = i64.load(entryOf(byte < 8 ? word : nextWord, byte % 8), tableOf(tableCount - 1 - byte));
    if (byte === 0) return [load, set(crc, found)];
    if (byte === 1) return set(half, found);
    if (byte === 15) return set(crc, i64.xor(i64.xor(get(half), found), get(crc)));
    const gathered = byte % 2 === 0 ? crc : half;
    return set(gathered, i64.xor(get(gathered), found));
  });
}

/** The offset of a byte's entry in a table: eight times the byte. */
function entryOf(word: number, byte: number): Code {
  const shifted =
    byte === 0
      ? i32.shiftLeft(i32.low(get(word)), i32.constant(3))
      : i32.low(i64.shiftRight(get(word), i64.constant(8 * byte - 3)));
  return i32.and(shifted, i32.constant(0x7f8));
}

/** Shared by all kernels of a worker. */
let tables: ReturnType<typeof createCrc64Tables> | undefined;

export function writeTables(memory: DataView): void {
  tables ??= createCrc64Tables(tableCount);
  for (let entry = 0; entry < 256 * tableCount; entry++) {
    memory.setUint32(8 * entry, at(tables.low, entry), true);
    memory.setUint32(8 * entry + 4, at(tables.high, entry), true);
  }
}
