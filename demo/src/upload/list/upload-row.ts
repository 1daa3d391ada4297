/**
 * One upload of this page. Every row has the same height, whatever it has to say.
 *
 * For tests: the row is a list item [data-testid=upload] with data-key, data-phase and data-waiting ("" when nothing is
 * waited for). Inside: role=progressbar "Progress of <name>"; buttons "Pause <name>", "Resume <name>", "Try <name> again"
 * (one element, [data-testid=upload-toggle]), "Send <name> first", "Cancel <name>", "Details of <name>" ([data-testid=
 * upload-first], upload-cancel, upload-details); role=img "Parts of <name>: …" ([data-testid=upload-parts]); link "Open <name>"
 * ([data-testid=upload-link]); and the texts [data-testid=upload-name], upload-phase, upload-percent, upload-stored,
 * upload-rate, upload-time-left, upload-resumed, upload-elapsed, upload-warning, upload-trouble.
 */
import type { UploadState } from "@ossicle/core";
import { element, setAttribute, setText, setVisible } from "../../elements/element.js";
import { fileBadge } from "../../elements/file-badge.js";
import { iconButton } from "../../elements/icon-button.js";
import { icon } from "../../elements/icons.js";
import type { Palette } from "../../elements/palette.js";
import { formatBytes, formatRate, formatTimeLeft } from "../../words/format.js";
import { type Words, words } from "../../words/language.js";
import { markRetried } from "../parts/part-cells.js";
import { createPartMap } from "../parts/part-map.js";
import { elapsedWords, phaseWords, resumedWords, storedWords, warningWords } from "../upload-words.js";
import { type Entry, isHeld, isOver } from "./entries.js";
import { createProgressBar } from "./progress-bar.js";

/** Where a row stands, and how wide its map is. */
export interface RowPlace {
  readonly index: number;
  readonly count: number;
  readonly top: number;
  readonly mapWidth: number;
}

export interface UploadRow {
  readonly element: HTMLLIElement;
  draw(place: RowPlace): void;
}

export interface UploadRowOptions {
  readonly entry: Entry;
  readonly palette: Palette;
  /** Where the stored object can be opened; undefined where it cannot. */
  readonly linkTo: (key: string) => string | undefined;
  readonly onDetails: (entry: Entry) => void;
  /** A button's promise was rejected. */
  readonly onError: (error: unknown) => void;
}

export const mapHeight = 12;

export function createUploadRow({ entry, palette, linkTo, onDetails, onError }: UploadRowOptions): UploadRow {
  const { name } = entry;
  const text = (part: string) => element("span", { "data-testid": `upload-${part}` });
  const facts = {
    phase: text("phase"),
    stored: text("stored"),
    rate: text("rate"),
    timeLeft: text("time-left"),
    elapsed: text("elapsed"),
    resumed: text("resumed"),
    warning: text("warning"),
  };
  const bar = createProgressBar(name);
  const map = createPartMap(name, palette);
  const trouble = element("p", { class: "row-trouble", "data-testid": "upload-trouble", hidden: "" });
  const toggle = iconButton("pause", "upload-toggle", () => {
    if (isHeld(entry.upload.state.phase)) entry.upload.resume();
    else entry.upload.pause().catch(onError);
  });
  const first = iconButton("first", "upload-first", () => {
    entry.toFront?.().catch(onError);
  });
  const cancel = iconButton("cancel", "upload-cancel", () => {
    entry.upload.cancel().catch(onError);
  });
  const details = iconButton("details", "upload-details", () => onDetails(entry));
  const link = element("a", { class: "icon-button", "data-testid": "upload-link", hidden: "" }, icon("open"));
  link.target = "_blank";
  link.rel = "noopener";
  const root = element(
    "li",
    { class: "row", tabindex: "-1", "data-testid": "upload", "data-key": entry.upload.key, "aria-label": name },
    fileBadge(name),
    element(
      "div",
      { class: "row-title" },
      element(
        "h3",
        { class: "row-name", "data-testid": "upload-name", title: entry.upload.key },
        element("span", { class: "row-folder" }, entry.folder),
        name,
      ),
      element("p", { class: "facts" }, ...Object.values(facts)),
    ),
    element("div", { class: "row-actions" }, first.element, toggle.element, cancel.element, link, details.element),
    bar.element,
    map.element,
    trouble,
  );

  function drawFacts(said: Words, state: UploadState): void {
    const { progress } = state;
    const moving = state.phase === "uploading" && state.waiting === null;
    const result = state.phase === "completed" ? state.result : null;
    setText(facts.phase, phaseWords(said, state, Date.now()));
    setText(facts.stored, result === null ? storedWords(said, progress) : said.upload.stored(formatBytes(result.size)));
    setText(facts.rate, moving && progress.bytesPerSecond > 0 ? formatRate(progress.bytesPerSecond) : "");
    setText(facts.timeLeft, moving ? formatTimeLeft(progress.secondsLeft, said.time) : "");
    setText(facts.elapsed, result === null ? "" : elapsedWords(said, result, entry.stopwatch.seconds()));
    setText(facts.resumed, resumedWords(said, result ?? progress));
    const warning = warningWords(said, state);
    setText(facts.warning, warning);
    setAttribute(facts.warning, "title", warning === "" ? null : warning);
  }

  function drawActions({ upload }: Words, state: UploadState): void {
    const held = isHeld(state.phase);
    const over = isOver(state.phase);
    if (state.phase === "failed") toggle.draw(upload.retry, upload.retryNamed(name));
    else if (held) toggle.draw(upload.resume, upload.resumeNamed(name));
    else toggle.draw(upload.pause, upload.pauseNamed(name));
    toggle.show(state.phase === "failed" ? "retry" : held ? "resume" : "pause");
    first.draw(upload.first, upload.firstNamed(name));
    cancel.draw(upload.cancel, upload.cancelNamed(name));
    details.draw(upload.details, upload.detailsNamed(name));
    const href = state.phase === "completed" ? linkTo(entry.upload.key) : undefined;
    setAttribute(link, "href", href ?? null);
    setAttribute(link, "title", upload.open);
    setAttribute(link, "aria-label", upload.openNamed(name));
    setVisible(link, href !== undefined);
    setVisible(first.element, state.phase === "queued" && entry.toFront !== null, root);
    setVisible(toggle.element, !over, root);
    setVisible(cancel.element, !over, root);
  }

  return {
    element: root,
    draw({ index, count, top, mapWidth }) {
      const said = words();
      const { state } = entry.upload;
      const waiting = "waiting" in state ? (state.waiting?.reason ?? "") : "";
      root.style.transform = `translateY(${top}px)`;
      setAttribute(root, "aria-posinset", String(index + 1));
      setAttribute(root, "aria-setsize", String(count));
      setAttribute(root, "data-phase", state.phase);
      setAttribute(root, "data-waiting", waiting);
      drawFacts(said, state);
      bar.draw(said, state.progress);
      const failure = state.phase === "failed" ? state.error.message : "";
      setText(trouble, failure);
      setAttribute(trouble, "title", failure === "" ? null : failure);
      setVisible(trouble, failure !== "");
      setVisible(map.element, failure === "" && state.phase !== "cancelled");
      if (failure === "") map.draw(markRetried(entry.upload.partMap(), entry.retried), mapWidth, mapHeight);
      drawActions(said, state);
    },
  };
}
