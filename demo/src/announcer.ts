/** Tells screen readers, politely and once, what happened out of sight: an upload was completed or has failed. */
import { setText } from "./element.js";

export interface Announcer {
  say(sentence: string): void;
}

/** @param region an element with aria-live; sentences that fall into one frame are read as one. */
export function createAnnouncer(region: HTMLElement): Announcer {
  let sentences: string[] = [];

  function speak(): void {
    setText(region, sentences.join(" "));
    sentences = [];
  }

  return {
    say(sentence) {
      if (sentences.length === 0) requestAnimationFrame(speak);
      sentences.push(sentence);
    },
  };
}
