/** Writes MD5's 64 steps as code for one message, or with vectors for several at once. RFC 1321, section 3.4. */
import { type Code, get, set } from "./assembler.js";

/** The state in which every MD5 begins. RFC 1321, section 3.3. */
export const md5Start = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const;

/** Arithmetic of 32-bit words: of one, or of several side by side. */
export interface WordArithmetic {
  readonly constant: (value: number) => Code;
  readonly add: (left: Code, right: Code) => Code;
  readonly and: (left: Code, right: Code) => Code;
  readonly or: (left: Code, right: Code) => Code;
  readonly xor: (left: Code, right: Code) => Code;
  readonly not: (value: Code) => Code;
  readonly rotateLeft: (value: Code, by: number) => Code;
}

interface Round {
  readonly rotations: readonly [number, number, number, number];
  /** The index, modulo 16, of the block's word that step `i` takes. */
  readonly word: (i: number) => number;
  /** `known` plus the round's function. It uses `b` last, because `b` is the result of the step before. */
  readonly mix: (words: WordArithmetic, known: Code, b: Code, c: Code, d: Code) => Code;
}

const rounds: readonly Round[] = [
  {
    rotations: [7, 12, 17, 22],
    word: (i) => i,
    mix: ({ add, and, xor }, known, b, c, d) => add(known, xor(d, and(b, xor(c, d)))),
  },
  {
    rotations: [5, 9, 14, 20],
    word: (i) => 5 * i + 1,
    mix: ({ add, and, not }, known, b, c, d) => add(add(known, and(c, not(d))), and(b, d)),
  },
  {
    rotations: [4, 11, 16, 23],
    word: (i) => 3 * i + 5,
    mix: ({ add, xor }, known, b, c, d) => add(known, xor(b, xor(c, d))),
  },
  {
    rotations: [6, 10, 15, 21],
    word: (i) => 7 * i,
    mix: ({ add, not, or, xor }, known, b, c, d) => add(known, xor(c, or(b, not(d)))),
  },
];

/**
 * @param state the locals that hold a, b, c and d
 * @param word  loads the block's word of that index
 * @returns one piece of code for each step. The caller may put other instructions between them
 */
export function md5Steps(
  words: WordArithmetic,
  [a, b, c, d]: readonly [number, number, number, number],
  word: (index: number) => Code,
): readonly Code[] {
  // MD5 moves its four values on after each step. Here the locals change their roles instead, which moves nothing.
  const turns = [
    [a, b, c, d],
    [d, a, b, c],
    [c, d, a, b],
    [b, c, d, a],
  ] as const;
  return rounds.flatMap(({ rotations, word: wordOf, mix }, round) =>
    [0, 4, 8, 12].flatMap((first) =>
      turns.map(([a, b, c, d], turn) => {
        const i = 16 * round + first + turn;
        // None of the 64 products is nearer than 0.015 to a whole number, so every browser's sine is exact enough.
        const constant = words.constant(Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))) | 0);
        const known = words.add(words.add(get(a), constant), word(wordOf(i) % 16));
        const mixed = mix(words, known, get(b), get(c), get(d));
        return set(a, words.add(words.rotateLeft(mixed, rotations[turn] ?? 0), get(b)));
      }),
    ),
  );
}
