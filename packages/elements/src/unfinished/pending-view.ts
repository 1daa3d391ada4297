/**
 * The row of an unfinished upload: its nodes, and what they say in each situation. Decides nothing.
 *
 * For tests: the row is a list item [data-testid=pending] with data-key, data-needs ("nothing", "permission", "file") and
 * data-active ("true" while another tab is sending it). Inside: button "Continue <name>" ([data-testid=pending-continue]), or a
 * file input labelled "Pick <name> again" ([data-testid=pending-file]); button "Discard <name>" ([data-testid=pending-discard]);
 * button "Upload the other <name> instead" ([data-testid=pending-instead]) once another file of the same name was given; and the texts
 * [data-testid=pending-name], pending-stored, pending-needs, pending-what, pending-error, pending-hint.
 */
import { wireFileInput } from "../adding/file-control.js";
import type { UnfinishedFile } from "../desk/unfinished-file.js";
import { element, setAttribute, setText, setVisible } from "../dom/element.js";
import { createErrorBox } from "../dom/error-box.js";
import { fileBadge } from "../dom/file-badge.js";
import { wordedButton } from "../dom/worded.js";
import { fileName } from "../list/file-name.js";
import type { Words } from "../words/en.js";
import { formatAgo, formatBytes, percent } from "../words/format.js";
import { needsWords } from "../words/upload-words.js";

export interface PendingView {
  readonly element: HTMLElement;
  draw(words: Words): void;
}

export function createPendingView(shown: UnfinishedFile): PendingView {
  const { key, file } = shown.pending;
  const { name, size } = file;
  const bar = element("span", { class: "bar-done" });
  const stored = element("span", { "data-testid": "pending-stored" });
  const ago = element("span", {});
  const needs = element("p", { class: "pending-needs", "data-testid": "pending-needs" });
  const resume = wordedButton("pending.continue", "button-primary", "pending-continue", () => void shown.resume());
  const input = element("input", { type: "file", class: "visually-hidden", "data-testid": "pending-file" });
  const pickWords = element("span", { class: "pending-pick-name" });
  const pick = element("label", { class: "button button-primary pending-pick", part: "button" }, input, pickWords);
  const instead = wordedButton("pending.instead", "", "pending-instead", () => void shown.instead());
  const discard = wordedButton("pending.discard", "button-quiet", "pending-discard", () => void shown.discard());
  const errors = createErrorBox("pending");
  const heading = element("h3", { class: "row-name", "data-testid": "pending-name", title: key }, ...fileName(name));
  const facts = element("p", { class: "facts" }, element("span", {}, formatBytes(size)), stored, ago);
  const root = element(
    "li",
    {
      class: "pending-row",
      part: "row",
      tabindex: "-1",
      "data-testid": "pending",
      "data-key": key,
      "aria-label": name,
    },
    fileBadge(name),
    element("div", { class: "row-title" }, heading, facts),
    element("div", { class: "pending-actions" }, discard, instead, resume, pick),
    element("div", { class: "bar-track", "aria-hidden": "true" }, bar),
    needs,
    errors.element,
  );
  wireFileInput(input, {
    onPicked([picked]) {
      if (picked !== undefined) void shown.resume(picked);
    },
    onError: shown.fail,
  });

  return {
    element: root,
    draw(words) {
      const { pending, asksForFile, canReplace, failure, isBusy } = shown;
      const said = words.pending;
      setAttribute(root, "data-needs", pending.needs);
      setAttribute(root, "data-active", String(pending.active));
      setText(stored, said.stored(formatBytes(pending.storedBytes), percent(pending.fraction)));
      setText(ago, formatAgo(Date.now() - pending.updatedAt, words));
      setText(needs, needsWords(words, { active: pending.active, needs: asksForFile ? "file" : pending.needs }));
      setText(pickWords, said.pick(name));
      setAttribute(resume, "aria-label", said.continueNamed(name));
      setAttribute(instead, "aria-label", said.insteadNamed(name));
      setAttribute(discard, "aria-label", said.discardNamed(name));
      bar.style.transform = `scaleX(${pending.fraction})`;
      setVisible(resume, !pending.active && !asksForFile, root);
      setVisible(pick, !pending.active && asksForFile, root);
      setVisible(instead, canReplace, root);
      setVisible(discard, !pending.active, root);
      setAttribute(root, "aria-busy", isBusy ? "true" : null);
      for (const control of [resume, input, instead, discard]) {
        if (isBusy && control.matches(":focus")) root.focus();
        control.disabled = isBusy;
      }
      errors.draw(failure, words);
    },
  };
}
