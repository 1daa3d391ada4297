/** What a row of an unfinished upload looks like: its nodes, and what they say in each situation. Decides nothing. */
import type { PendingUpload } from "@ossicle/core";
import { element, setAttribute, setText, setVisible, worded } from "../../elements/element.js";
import { createErrorBox } from "../../elements/error-box.js";
import { fileBadge } from "../../elements/file-badge.js";
import { formatAgo, formatBytes, percent } from "../../words/format.js";
import { type WordKey, words } from "../../words/language.js";
import { needsWords } from "../upload-words.js";

export interface PendingView {
  readonly element: HTMLElement;
  readonly resume: HTMLButtonElement;
  /** The file input of the button "Pick <name> again". */
  readonly input: HTMLInputElement;
  readonly anew: HTMLButtonElement;
  readonly discard: HTMLButtonElement;
  draw(shown: ShownPending): void;
  /** Disables the controls while `act` works, and marks the row as busy. @returns what `act` was rejected with, or null */
  whileBusy(act: () => Promise<unknown>): Promise<unknown>;
}

export interface ShownPending {
  readonly pending: PendingUpload;
  /** Only the file, picked again, lets it go on. */
  readonly asksForFile: boolean;
  /** Another file of the same name was given: offer to upload that one anew. */
  readonly offersAnew: boolean;
  /** What went wrong last, or null. */
  readonly failure: unknown;
}

export function createPendingView({ key, file: { name, size } }: PendingUpload): PendingView {
  const bar = element("span", { class: "bar-done" });
  const stored = element("span", { "data-testid": "pending-stored" });
  const ago = element("span", {});
  const needs = element("p", { class: "pending-needs", "data-testid": "pending-needs" });
  const resume = button("pending.continue", "button button-primary", "pending-continue");
  const input = element("input", { type: "file", class: "visually-hidden", "data-testid": "pending-file" });
  const pickWords = element("span", { class: "pending-pick-name" });
  const pick = element("label", { class: "button button-primary pending-pick" }, input, pickWords);
  const anew = button("pending.anew", "button", "pending-anew");
  const discard = button("pending.discard", "button button-quiet", "pending-discard");
  const errors = createErrorBox("pending");
  const heading = element("h3", { class: "row-name", "data-testid": "pending-name", title: key }, name);
  const facts = element("p", { class: "facts" }, element("span", {}, formatBytes(size)), stored, ago);
  const root = element(
    "li",
    { class: "pending-row", tabindex: "-1", "data-testid": "pending", "data-key": key, "aria-label": name },
    fileBadge(name),
    element("div", { class: "row-title" }, heading, facts),
    element("div", { class: "pending-actions" }, discard, anew, resume, pick),
    element("div", { class: "bar-track", "aria-hidden": "true" }, bar),
    needs,
    errors.element,
  );

  return {
    ...{ element: root, resume, input, anew, discard },
    draw({ pending, asksForFile, offersAnew, failure }) {
      const said = words();
      setAttribute(root, "data-needs", pending.needs);
      setAttribute(root, "data-active", String(pending.active));
      setText(stored, said.pending.stored(formatBytes(pending.storedBytes), percent(pending.fraction)));
      setText(ago, formatAgo(Date.now() - pending.updatedAt, said.time));
      setText(needs, needsWords(said, { active: pending.active, needs: asksForFile ? "file" : pending.needs }));
      setText(pickWords, said.pending.pick(name));
      setAttribute(resume, "aria-label", said.pending.continueNamed(name));
      setAttribute(anew, "aria-label", said.pending.anewNamed(name));
      setAttribute(discard, "aria-label", said.pending.discardNamed(name));
      bar.style.transform = `scaleX(${pending.fraction})`;
      setVisible(resume, !pending.active && !asksForFile, root);
      setVisible(pick, !pending.active && asksForFile, root);
      setVisible(anew, offersAnew, root);
      setVisible(discard, !pending.active, root);
      errors.draw(failure);
    },
    whileBusy: (act) => whileBusy(root, [resume, input, anew, discard], act),
  };
}

async function whileBusy(
  row: HTMLElement,
  controls: readonly (HTMLButtonElement | HTMLInputElement)[],
  act: () => Promise<unknown>,
): Promise<unknown> {
  const setBusy = (busy: boolean) => {
    setAttribute(row, "aria-busy", busy ? "true" : null);
    for (const control of controls) control.disabled = busy;
  };
  setBusy(true);
  try {
    await act();
    return null;
  } catch (error) {
    return error;
  } finally {
    setBusy(false);
  }
}

function button(key: WordKey, looks: string, testid: string): HTMLButtonElement {
  return worded("button", key, { type: "button", class: looks, "data-testid": testid });
}
