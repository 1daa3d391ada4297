/** Tells screen readers what happened out of sight, e.g. that an upload is stored or has failed. Does not interrupt them. */

import type { Words } from "../words/en.js";
import { setText } from "./element.js";

/** What can happen to an upload that is told. */
export type Happening = "stored" | "failed" | "paused" | "cancelled";

export interface Announcer {
  /** Says a sentence, together with others of the same second. */
  say(sentence: string): void;
  /** Says what happened to an upload. If it happens to more than two within a second, only their number is said. */
  tell(sentence: string, happening: Happening): void;
}

/** What happens within this time is said together. */
const togetherMs = 1000;
const saidOneByOne = 2;
const many = {
  stored: "manyStored",
  failed: "manyFailed",
  paused: "manyPaused",
  cancelled: "manyCancelled",
} as const;

/** @param region an element with aria-live="polite" */
export function createAnnouncer(region: HTMLElement, words: () => Words): Announcer {
  let sentences: string[] = [];
  let happened = new Map<Happening, string[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function speakSoon(): void {
    if (timer === null) timer = setTimeout(speak, togetherMs);
  }

  function speak(): void {
    timer = null;
    const { said } = words();
    const told = [...happened].flatMap(([happening, each]) =>
      each.length <= saidOneByOne ? each : [said[many[happening]](each.length)],
    );
    setText(region, [...sentences, ...told].join(" "));
    sentences = [];
    happened = new Map();
  }

  return {
    say(sentence) {
      sentences.push(sentence);
      speakSoon();
    },
    tell(sentence, happening) {
      happened.set(happening, [...(happened.get(happening) ?? []), sentence]);
      speakSoon();
    },
  };
}
