/** Asks what only the person can say: what becomes of a file whose name is taken, and whether a large upload is really cancelled. */
import type { Desk } from "../desk/desk.js";
import type { SameName } from "../desk/same-name.js";
import { element, setAttribute, setText, setVisible } from "../dom/element.js";
import { wordedButton } from "../dom/worded.js";
import type { Words } from "../words/en.js";
import { formatBytes } from "../words/format.js";

export interface QuestionPanel {
  readonly element: HTMLElement;
  /** @param fallback gets the focus when the last question is answered @returns the sentence of a new question, else null */
  draw(words: Words, fallback: HTMLElement): string | null;
}

/**
 * For tests: [data-testid=same-name] with the buttons "Keep both", "Replace", "Skip" ([data-testid=same-both], same-replace, same-skip)
 * and the checkbox [data-testid=same-all]; [data-testid=doubtful] with [data-testid=cancel-yes] and cancel-no.
 */
export function createQuestionPanel(desk: Desk): QuestionPanel {
  const sentence = element("p", { class: "question-words" });
  const forAll = element("input", { type: "checkbox", "data-testid": "same-all" });
  const forAllWords = element("span", {});
  const forAllLabel = element("label", { class: "check" }, forAll, forAllWords);
  const answer = (said: SameName) => () => {
    desk.answer(said, forAll.checked && !forAllLabel.hidden);
    forAll.checked = false;
  };
  const same = element(
    "div",
    {
      class: "question",
      part: "question",
      role: "group",
      "data-words-label": "same.region",
      "data-testid": "same-name",
    },
    sentence,
    forAllLabel,
    element(
      "div",
      { class: "question-actions" },
      wordedButton("same.both", "button-primary", "same-both", answer("both")),
      wordedButton("same.replace", "", "same-replace", answer("replace")),
      wordedButton("same.skip", "button-quiet", "same-skip", answer("skip")),
    ),
  );
  const doubt = element("p", { class: "question-words" });
  const keep = wordedButton("cancelling.no", "button-primary", "cancel-no", () => desk.confirm(false));
  const doubtful = element(
    "div",
    {
      class: "question",
      part: "question",
      role: "group",
      "data-words-label": "cancelling.region",
      "data-testid": "doubtful",
    },
    doubt,
    element(
      "div",
      { class: "question-actions" },
      keep,
      wordedButton("cancelling.yes", "", "cancel-yes", () => desk.confirm(true)),
    ),
  );
  for (const panel of [same, doubtful]) panel.hidden = true;
  let asked: unknown = null;

  return {
    element: element("div", { class: "questions" }, same, doubtful),
    draw(words, fallback) {
      const { open, further } = desk.question;
      const name = open?.key.slice(open.key.lastIndexOf("/") + 1) ?? "";
      const said = open === null ? "" : words.same[open.where === "list" ? "inList" : "inBucket"](name);
      setText(sentence, said);
      setText(forAllWords, words.same.forAll(further));
      setVisible(forAllLabel, further > 0);
      setVisible(same, open !== null, fallback);
      const large = desk.doubtful;
      const question =
        large === null
          ? ""
          : words.cancelling.question(large.name, formatBytes(large.upload.state.progress.storedBytes));
      setText(doubt, question);
      const wasHidden = doubtful.hidden;
      setVisible(doubtful, large !== null, fallback);
      // Who asked to cancel is at the keyboard: the answer that keeps is the nearest.
      if (wasHidden && large !== null) keep.focus();
      setAttribute(doubtful, "data-key", large?.upload.key ?? null);
      const now = large ?? open;
      const isNew = now !== null && now !== asked;
      asked = now;
      return isNew ? question || said : null;
    },
  };
}
