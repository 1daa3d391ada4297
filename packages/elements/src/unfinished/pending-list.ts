/** The unfinished uploads of earlier pages. A row that is listed again is kept as it is. */
import type { Desk } from "../desk/desk.js";
import type { UnfinishedFile } from "../desk/unfinished-file.js";
import { element, hasFocus, setVisible } from "../dom/element.js";
import { worded, wordedButton } from "../dom/worded.js";
import type { Words } from "../words/en.js";
import { fillWords } from "../words/language.js";
import { createPendingView, type PendingView } from "./pending-view.js";

export interface PendingList {
  readonly element: HTMLElement;
  draw(words: Words, desk: Pick<Desk, "unfinished">): void;
}

/** For tests: [data-testid=pending-section], hidden while there is none. */
export function createPendingList(): PendingList {
  let rows = new Map<UnfinishedFile, PendingView>();
  const title = worded("h2", "pending.title", { tabindex: "-1" });
  const continueAll = wordedButton("pending.continueAll", "", "pending-continue-all", async () => {
    // One after the other: each may ask for a permission.
    for (const file of rows.keys()) if (file.canContinue) await file.resume();
  });
  const list = element("ul", {
    class: "pending-rows",
    "data-testid": "pending-list",
    "data-words-label": "pending.title",
  });
  const section = element(
    "section",
    {
      class: "card pending",
      part: "card",
      "data-words-label": "pending.title",
      "data-testid": "pending-section",
      hidden: "",
    },
    element("div", { class: "section-head" }, title, element("div", { class: "head-actions" }, continueAll)),
    worded("p", "pending.lead", { class: "lead" }),
    list,
  );

  return {
    element: section,
    draw(words, { unfinished: files }) {
      const known = rows;
      rows = new Map(files.map((file) => [file, known.get(file) ?? createPendingView(file)]));
      for (const [file, { element: node }] of known) {
        if (rows.has(file)) continue;
        if (hasFocus(node)) title.focus();
        node.remove();
      }
      // A row that is already in its place is not moved: moving would take the focus from it.
      [...rows.values()].forEach((row, place) => {
        if (list.children[place] !== row.element) {
          list.insertBefore(row.element, list.children[place] ?? null);
          fillWords(row.element, words);
        }
        row.draw(words);
      });
      setVisible(section, files.length > 0);
      setVisible(continueAll, files.filter(({ canContinue }) => canContinue).length > 1, title);
    },
  };
}
