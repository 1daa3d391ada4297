/** Files whose names are taken, one question after the other. Knows no DOM. */
import type { PickedFile } from "@ossicle/core";
import type { Entry } from "./entries.js";
import type { SameName } from "./same-name.js";

export interface Question {
  readonly picked: PickedFile;
  readonly key: string;
  /** "list": `entry` has the name; "bucket": an object has it, and `entry` wanted it. */
  readonly where: "list" | "bucket";
  readonly entry: Entry;
}

export interface Questions {
  /** The first that is open. */
  readonly open: Question | null;
  /** How many come after it. */
  readonly further: number;
  ask(question: Question): void;
  /** Answers the open one; with `forAll` those behind it, and those of the same batch that are still to come. */
  answer(answer: SameName, forAll: boolean): void;
  /** The batch is over: what comes next is asked again. */
  forget(): void;
  removeAll(): void;
}

/** @param standing answers without asking; "ask" asks */
export function createQuestions(
  standing: () => SameName | "ask",
  carryOut: (question: Question, answer: SameName) => void,
): Questions {
  let open: readonly Question[] = [];
  let forAll: SameName | null = null;

  return {
    get open() {
      return open[0] ?? null;
    },
    get further() {
      return Math.max(0, open.length - 1);
    },
    ask(question) {
      const said = forAll ?? standing();
      if (said === "ask") open = [...open, question];
      else carryOut(question, said);
    },
    answer(answer, all) {
      const answered = all ? open : open.slice(0, 1);
      open = all ? [] : open.slice(1);
      if (all) forAll = answer;
      for (const question of answered) carryOut(question, answer);
    },
    forget() {
      if (open.length === 0) forAll = null;
    },
    removeAll() {
      open = [];
      forAll = null;
    },
  };
}
