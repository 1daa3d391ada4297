/**
 * Writes the part of WebAssembly's binary format that our kernels need.
 * @see https://webassembly.github.io/spec/core/binary/
 */

/**
 * Encoded instructions. An expression leaves one value on the stack, any other instruction none. The arrays stay nested as they
 * were built: to copy them at every level would take tens of milliseconds.
 */
export type Code = readonly (number | Code)[];

/**
 * A function of two i32 that returns nothing. The two arguments are its locals 0 and 1. Its other locals follow in the order of
 * these fields, and begin as zero.
 */
export interface Routine {
  readonly i32Locals: number;
  readonly i64Locals: number;
  readonly v128Locals?: number;
  readonly code: Code;
}

export const i32 = {
  constant: (value: number): Code => [0x41, signed(value)],
  load: ofAddress(0x28),
  loadByte: ofAddress(0x2d),
  store: toAddress(0x36),
  lessThan: ofTwo(0x49),
  add: ofTwo(0x6a),
  and: ofTwo(0x71),
  or: ofTwo(0x72),
  xor: ofTwo(0x73),
  not: (value: Code): Code => i32.xor(value, i32.constant(-1)),
  shiftLeft: ofTwo(0x74),
  rotateLeft: (value: Code, by: number): Code => [value, i32.constant(by), 0x77],
  low: ofOne(0xa7),
};

export const i64 = {
  constant: (value: number): Code => [0x42, signed(value)],
  load: ofAddress(0x29),
  store: toAddress(0x37),
  xor: ofTwo(0x85),
  shiftRight: ofTwo(0x88),
};

/** Vectors of four 32-bit words. */
export const v128 = {
  constant: (word: number): Code => [vector(0x0c), bytesOf([word, word, word, word])],
  load: (address: Code, offset: number): Code => [address, vector(0x00), 0, unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [address, value, vector(0x0b), 0, unsigned(offset)],
  add: ofTwo(vector(0xae)),
  and: ofTwo(vector(0x4e)),
  or: ofTwo(vector(0x50)),
  xor: ofTwo(vector(0x51)),
  not: ofOne(vector(0x4d)),
  shiftLeft: ofTwo(vector(0xab)),
  shiftRight: ofTwo(vector(0xad)),
  /** @param words the four words to take, as indices: 0 to 3 are those of `left`, 4 to 7 those of `right` */
  shuffle: (left: Code, right: Code, words: readonly number[]): Code => [
    left,
    right,
    vector(0x0d),
    words.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3]),
  ],
};

export const get = (local: number): Code => [0x20, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];

/** A loop: `while (condition) body`. */
export function whileTrue(condition: Code, body: Code): Code {
  const block = [0x02, 0x40];
  const loop = [0x03, 0x40];
  const end = 0x0b;
  const leaveUnless = [0x45, 0x0d, 1];
  const repeat = [0x0c, 0];
  return [block, loop, condition, leaveUnless, body, repeat, end, end];
}

/** @returns a module that exports the routines by their names, and a memory of so many pages of 64 KiB as "memory" */
export function assemble(routines: Readonly<Record<string, Routine>>, pages: number): Uint8Array<ArrayBuffer> {
  const names = Object.keys(routines);
  const typeOfAll = [0x60, list([[0x7f], [0x7f]]), list([])];
  const exported = names.map((name, index) => [text(name), 0, unsigned(index)]);
  const bodies = Object.values(routines).map(({ i32Locals, i64Locals, v128Locals = 0, code }) => {
    const locals = list([
      [unsigned(i32Locals), 0x7f],
      [unsigned(i64Locals), 0x7e],
      // Browsers without vectors refuse the type even in a list of zero locals.
      ...(v128Locals === 0 ? [] : [[unsigned(v128Locals), 0x7b]]),
    ]);
    return sized([locals, code, 0x0b]);
  });
  return new Uint8Array(
    flat([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, sized(list([typeOfAll]))],
      [3, sized(list(names.map(() => [0])))],
      [5, sized(list([[0, unsigned(pages)]]))],
      [7, sized(list([[text("memory"), 2, 0], ...exported]))],
      [10, sized(list(bodies))],
    ]),
  );
}

function ofOne(opcode: Code | number) {
  return (value: Code): Code => [value, opcode];
}

function ofTwo(opcode: Code | number) {
  return (left: Code, right: Code): Code => [left, right, opcode];
}

function vector(opcode: number): Code {
  return [0xfd, unsigned(opcode)];
}

function bytesOf(words: readonly number[]): Code {
  return words.flatMap((word) => [0, 8, 16, 24].map((bits) => (word >>> bits) & 255));
}

/** A load. Its alignment hint is 0: the address may be any. */
function ofAddress(opcode: number) {
  return (address: Code, offset: number): Code => [address, opcode, 0, unsigned(offset)];
}

function toAddress(opcode: number) {
  return (address: Code, offset: number, value: Code): Code => [address, value, opcode, 0, unsigned(offset)];
}

function list(entries: readonly Code[]): Code {
  return [unsigned(entries.length), entries];
}

function sized(content: Code): Code {
  const bytes = flat(content);
  return [unsigned(bytes.length), bytes];
}

function text(ascii: string): Code {
  return sized(Array.from(ascii, (character) => character.charCodeAt(0)));
}

function flat(code: Code, into: number[] = []): number[] {
  for (const each of code) {
    if (typeof each === "number") into.push(each);
    else flat(each, into);
  }
  return into;
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, unsigned(value >>> 7)];
}

/** LEB128 of 32 bits in two's complement. */
function signed(value: number): Code {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, signed(value >> 7)];
}
