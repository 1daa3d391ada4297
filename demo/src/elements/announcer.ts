/** Tells screen readers what happened out of sight, e.g. that an upload is stored or has failed. Does not interrupt them. */

import { words } from "../words/language.js";
import { setText } from "./element.js";

export interface Announcer {
  /** Says a sentence, together with others of the same second. */
  say(sentence: string): void;
  /** Says that an upload has ended. If more than two end within a second, only their number is said. */
  end(sentence: string, how: "stored" | "failed"): void;
}

/** What happens within this time is said together. */
const togetherMs = 1000;
const saidOneByOne = 2;

/** @param region an element with aria-live="polite" */
export function createAnnouncer(region: HTMLElement): Announcer {
  let sentences: string[] = [];
  let ends: { readonly sentence: string; readonly how: "stored" | "failed" }[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  function speakSoon(): void {
    if (timer === null) timer = setTimeout(speak, togetherMs);
  }

  function speak(): void {
    timer = null;
    setText(region, [...sentences, ...endSentences()].join(" "));
    sentences = [];
    ends = [];
  }

  function endSentences(): readonly string[] {
    if (ends.length <= saidOneByOne) return ends.map(({ sentence }) => sentence);
    const stored = ends.filter(({ how }) => how === "stored").length;
    const failed = ends.length - stored;
    const { said } = words();
    return [...(stored > 0 ? [said.manyStored(stored)] : []), ...(failed > 0 ? [said.manyFailed(failed)] : [])];
  }

  return {
    say(sentence) {
      sentences.push(sentence);
      speakSoon();
    },
    end(sentence, how) {
      ends.push({ sentence, how });
      speakSoon();
    },
  };
}
