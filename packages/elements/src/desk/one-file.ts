/** An element that takes one file: what it had makes room for another one, when that has begun. Knows no DOM. */
import type { PickedFile, Upload } from "@ossicle/core";
import { type Entry, isOver } from "./entries.js";

export interface OneFileOptions {
  /** What the element has. */
  readonly entries: () => readonly Entry[];
  /** Whether it may be cancelled: the person is asked where much is stored. */
  readonly mayCancel: (entry: Entry) => Promise<boolean>;
  readonly begin: (picked: PickedFile, key: string) => Upload | undefined;
  /** Cancels them, and takes them out. */
  readonly drop: (entries: readonly Entry[]) => Promise<void>;
}

export interface OneFile {
  /** Begins the file in place of what the element has. Where it cannot begin, or the person keeps the other, that stays. */
  replace(picked: PickedFile, key: string): Promise<void>;
  /** An unfinished upload goes on with this file: nothing else stays. */
  keepOnly(picked: PickedFile): Promise<void>;
}

export function createOneFile({ entries, mayCancel, begin, drop }: OneFileOptions): OneFile {
  async function mayCancelAll(some: readonly Entry[]): Promise<boolean> {
    for (const entry of some) if (!isOver(entry.upload.state.phase) && !(await mayCancel(entry))) return false;
    return true;
  }

  return {
    async replace(picked, key) {
      const before = entries();
      if (!(await mayCancelAll(before))) return;
      // Two files must never be sent to one key.
      const namesakes = before.filter(({ upload }) => upload.key === key && !isOver(upload.state.phase));
      await Promise.all(namesakes.map(({ upload }) => upload.cancel()));
      const begun = begin(picked, key);
      if (begun !== undefined) await drop(before.filter(({ upload }) => upload !== begun));
    },
    async keepOnly(picked) {
      const others = entries().filter((entry) => entry.picked !== picked);
      if (await mayCancelAll(others)) await drop(others);
    },
  };
}
