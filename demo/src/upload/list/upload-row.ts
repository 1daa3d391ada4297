/**
 * One upload of this page. Every row has the same height, whatever it says.
 *
 * For tests: the row is a list item [data-testid=upload] with data-key, data-phase and data-waiting ("" when nothing is
 * waited for). Inside: role=progressbar "Progress of <name>"; buttons "Pause <name>", "Resume <name>", "Try <name> again"
 * (one element, [data-testid=upload-toggle]), "Send <name> first", "Cancel <name>", "Details of <name>" ([data-testid=
 * upload-first], upload-cancel, upload-details); role=img "Parts of <name>: …" ([data-testid=upload-parts]); link "Open <name>"
 * ([data-testid=upload-link]); and the texts [data-testid=upload-name], upload-phase, upload-percent, upload-stored,
 * upload-rate, upload-time-left, upload-resumed, upload-elapsed, upload-warning, upload-trouble.
 */
import { element, setAttribute, setText, setVisible } from "../../elements/element.js";
import { fileBadge } from "../../elements/file-badge.js";
import type { Palette } from "../../elements/palette.js";
import { words } from "../../words/language.js";
import { markRetried } from "../parts/part-cells.js";
import { createPartMap } from "../parts/part-map.js";
import { createProgressBar } from "./progress-bar.js";
import { createRowActions, type RowActionsOptions } from "./row-actions.js";
import { createRowFacts } from "./row-facts.js";

/** Where a row stands in the list, and how wide its map of parts is. */
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
  draw(place: RowPlace): void;
}

export interface UploadRowOptions extends RowActionsOptions {
  readonly palette: Palette;
}

const mapHeight = 12;

export function createUploadRow({ palette, ...options }: UploadRowOptions): UploadRow {
  const { entry } = options;
  const { name } = entry;
  const facts = createRowFacts();
  const actions = createRowActions(options);
  const bar = createProgressBar(name);
  const map = createPartMap(name, palette);
  const trouble = element("p", { class: "row-trouble", "data-testid": "upload-trouble", hidden: "" });
  const heading = element(
    "h3",
    { class: "row-name", "data-testid": "upload-name", title: entry.upload.key },
    element("span", { class: "row-folder" }, entry.folder),
    name,
  );
  const root = element(
    "li",
    { class: "row", tabindex: "-1", "data-testid": "upload", "data-key": entry.upload.key, "aria-label": name },
    fileBadge(name),
    element("div", { class: "row-title" }, heading, facts.element),
    actions.element,
    bar.element,
    map.element,
    trouble,
  );

  return {
    element: root,
    draw({ index, count, top, mapWidth }) {
      const said = words();
      const { state } = entry.upload;
      const waiting = state.waiting?.reason ?? "";
      root.style.transform = `translateY(${top}px)`;
      setAttribute(root, "aria-posinset", String(index + 1));
      setAttribute(root, "aria-setsize", String(count));
      setAttribute(root, "data-phase", state.phase);
      setAttribute(root, "data-waiting", waiting);
      facts.draw(said, state, entry.stopwatch.seconds());
      bar.draw(said, state.progress);
      const failure = state.phase === "failed" ? state.error.message : "";
      setText(trouble, failure);
      setAttribute(trouble, "title", failure === "" ? null : failure);
      setVisible(trouble, failure !== "");
      setVisible(map.element, failure === "" && state.phase !== "cancelled");
      if (failure === "") map.draw(markRetried(entry.cells, entry.retried), mapWidth, mapHeight);
      actions.draw(said, root);
    },
  };
}
