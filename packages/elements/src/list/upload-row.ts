/**
 * One upload. Every row has the same height, whatever it says.
 *
 * For tests: the row is a list item [data-testid=upload] with data-key, data-phase ("cancelling" while a cancel can be undone) and
 * data-waiting ("" when nothing is waited for). Inside: role=progressbar "Progress of <name>"; buttons "Pause <name>", "Resume
 * <name>", "Try <name> again", "Choose <name> again" (one element, [data-testid=upload-toggle]), "Send <name> first", "Cancel
 * <name>", "Undo: go on with <name>", "Details of <name>" ([data-testid=upload-first], upload-cancel, upload-undo, upload-details);
 * role=img "Parts of <name>: …" ([data-testid=upload-parts]); link "Open <name>" ([data-testid=upload-link]); and the texts
 * [data-testid=upload-name], upload-phase, upload-percent, upload-stored, upload-rate, upload-time-left, upload-resumed,
 * upload-elapsed, upload-warning, upload-trouble.
 */
import { type Entry, isGone } from "../desk/entries.js";
import { element, setAttribute } from "../dom/element.js";
import { fileBadge } from "../dom/file-badge.js";
import type { Palette } from "../dom/palette.js";
import { markRetried } from "../parts/part-cells.js";
import { createPartMap } from "../parts/part-map.js";
import type { Words } from "../words/en.js";
import { fileName } from "./file-name.js";
import { createProgressBar } from "./progress-bar.js";
import { createRowActions, type RowActionsOptions } from "./row-actions.js";
import { createRowFacts } from "./row-facts.js";

/** Where a row stands in the list, and how wide its bar is. */
export interface RowPlace {
  readonly index: number;
  /** Of all rows, in sight or not. */
  readonly count: number;
  /** In CSS pixels from the top of the list. */
  readonly top: number;
  /** In CSS pixels. */
  readonly mapWidth: number;
}

export interface UploadRow {
  readonly element: HTMLLIElement;
  draw(words: Words, place: RowPlace): void;
}

export interface UploadRowOptions extends RowActionsOptions {
  readonly palette: Palette;
}

const mapHeight = 6;

export function createUploadRow(entry: Entry, { palette, ...options }: UploadRowOptions): UploadRow {
  const { name } = entry;
  const facts = createRowFacts();
  const actions = createRowActions(entry, options);
  const map = createPartMap(name, palette, false);
  const bar = createProgressBar(name, map.element);
  const heading = element("h3", { class: "row-name", "data-testid": "upload-name" }, ...fileName(name, entry.folder));
  const root = element(
    "li",
    { class: "row", part: "row", tabindex: "-1", "data-testid": "upload", "aria-label": name },
    fileBadge(name),
    element("div", { class: "row-title" }, heading, facts.element),
    actions.element,
    bar.element,
  );

  return {
    element: root,
    draw(words, { index, count, top, mapWidth }) {
      const { state, key } = entry.upload;
      root.style.transform = `translateY(${top}px)`;
      setAttribute(root, "aria-posinset", String(index + 1));
      setAttribute(root, "aria-setsize", String(count));
      setAttribute(root, "data-key", key);
      setAttribute(heading, "title", key);
      setAttribute(root, "data-phase", entry.cancelling === null ? state.phase : "cancelling");
      setAttribute(root, "data-waiting", state.waiting?.reason ?? "");
      facts.draw(words, entry);
      bar.draw(words, isGone(entry) ? null : state.progress.fraction, state.progress);
      const { fraction, totalBytes } = state.progress;
      const cells = markRetried(entry.cells, entry.retried);
      const isVerified = state.phase === "completed" && state.result.verified !== "none";
      map.draw(words, { cells, starts: entry.starts, totalBytes, fraction, isVerified }, mapWidth, mapHeight);
      actions.draw(words, root);
    },
  };
}
