/** Decisions that a seed makes: the same seed, the same decisions. */
import { createHash } from "node:crypto";

export interface Chance {
  /** An integer, both ends included. */
  between(least: number, most: number): number;
  oneOf<T>(list: readonly T[]): T;
  /** @param odds 0…1 */
  happens(odds: number): boolean;
}

export function chance(...seed: readonly (string | number)[]): Chance {
  let drawn = 0;
  const next = () => {
    drawn += 1;
    return (
      createHash("md5")
        .update(`${seed.join("/")}/${drawn}`)
        .digest()
        .readUInt32BE() /
      2 ** 32
    );
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    oneOf: <T>(list: readonly T[]) => {
      if (list.length === 0) throw new Error("There is nothing to choose from");
      return list[between(0, list.length - 1)] as T;
    },
    happens: (odds) => next() < odds,
  };
}
