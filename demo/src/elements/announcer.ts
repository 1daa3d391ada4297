/** Tells screen readers, politely and once, what happened out of sight: an upload was completed or has failed. */

import { words } from "../words/language.js";
import { setText } from "./element.js";

export interface Announcer {
  say(sentence: string): void;
  /** An upload has ended. Of many at a time only the number is said. */
  end(sentence: string, how: "stored" | "failed"): void;
}

/** Uploads that end within so long are announced together. */
const together = 1000;
const saidOneByOne = 2;

/** @param region an element with aria-live */
export function createAnnouncer(region: HTMLElement): Announcer {
  let sentences: string[] = [];
  let ends: { readonly sentence: string; readonly how: "stored" | "failed" }[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;

  function speakSoon(): void {
    if (timer === null) timer = setTimeout(speak, together);
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
