/**
 * One upload of this page, from its `Upload` handle alone.
 *
 * For tests: the row is a list item [data-testid=upload] with data-key, data-phase and data-waiting ("" when nothing is
 * waited for). Inside: role=progressbar "Progress of <name>"; buttons "Pause <name>", "Resume <name>", "Try <name> again"
 * (one element, [data-testid=upload-toggle]) and "Cancel <name>" ([data-testid=upload-cancel]); role=img "Parts of <name>: …"
 * ([data-testid=upload-parts]); link "Open <name>" ([data-testid=upload-link]); and the texts [data-testid=upload-name],
 * upload-size, upload-phase, upload-percent, upload-stored, upload-rate, upload-time-left, upload-resumed, upload-elapsed,
 * upload-etag, upload-warning, upload-error, upload-hint, upload-request-id.
 */
import type { Upload, UploadState } from "@ossicle/core";
import { element, setAttribute, setText, setVisible } from "./element.js";
import { createErrorBox } from "./error-box.js";
import { fileBadge } from "./file-badge.js";
import { formatBytes, formatDuration, formatRate, formatTimeLeft } from "./format.js";
import { createPartMap, type Palette } from "./part-map.js";
import { createProgressBar } from "./progress-bar.js";
import { createStopwatch } from "./stopwatch.js";
import { phaseWords, resumedWords, storedWords, warningWords } from "./words.js";

export interface UploadRow {
  readonly element: HTMLElement;
  readonly upload: Upload;
  /** The file's name. */
  readonly name: string;
  /** Writes the upload's state into the DOM. */
  draw(): void;
  /** The palette has changed. */
  recolour(): void;
  /** Forgets the upload and leaves the page. */
  remove(): void;
}

export interface UploadRowOptions {
  readonly upload: Upload;
  readonly palette: Palette;
  /** Where the stored object can be opened. */
  readonly linkTo: (key: string) => string;
  /** Asks for `draw`. */
  readonly onChange: (row: UploadRow) => void;
  /** A button's promise was rejected. */
  readonly onError: (error: unknown) => void;
}

export function createUploadRow({ upload, palette, linkTo, onChange, onError }: UploadRowOptions): UploadRow {
  const name = upload.file?.name ?? upload.key.slice(upload.key.lastIndexOf("/") + 1);
  const text = (part: string) => element("span", { "data-testid": `upload-${part}` });
  const size = text("size");
  const phase = text("phase");
  const facts = {
    stored: text("stored"),
    rate: text("rate"),
    timeLeft: text("time-left"),
    elapsed: text("elapsed"),
    resumed: text("resumed"),
  };
  const etag = element("span", { "data-testid": "upload-etag", class: "upload-etag" });
  const warning = element("span", { "data-testid": "upload-warning", class: "upload-warning", hidden: "" });
  const toggle = element("button", { type: "button", class: "button", "data-testid": "upload-toggle" });
  const cancel = element(
    "button",
    { type: "button", class: "button button-quiet", "data-testid": "upload-cancel", "aria-label": `Cancel ${name}` },
    "Cancel",
  );
  const link = element(
    "a",
    {
      class: "button",
      href: linkTo(upload.key),
      "data-testid": "upload-link",
      "aria-label": `Open ${name}`,
      hidden: "",
    },
    "Open",
  );
  link.target = "_blank";
  link.rel = "noopener";
  const bar = createProgressBar(name);
  const errors = createErrorBox("upload");
  const stopwatch = createStopwatch();
  const badge = fileBadge(name);
  const root = element(
    "li",
    { class: "row", tabindex: "-1", "data-testid": "upload", "data-key": upload.key, "aria-label": name },
    badge,
    element(
      "div",
      { class: "row-title" },
      element("h3", { class: "row-name", "data-testid": "upload-name", title: upload.key }, name),
      element("p", { class: "facts row-status" }, size, phase),
    ),
    element("div", { class: "row-actions" }, link, toggle, cancel),
  );
  const map = createPartMap(name, palette, () => onChange(row));
  const foot = element("div", { class: "row-foot" }, map.legend, warning, etag);
  root.append(
    bar.element,
    element("p", { class: "facts row-facts" }, ...Object.values(facts)),
    map.band,
    foot,
    errors.element,
  );

  toggle.addEventListener("click", () => {
    if (toggle.dataset.act === "pause") upload.pause().catch(onError);
    else upload.resume();
  });
  cancel.addEventListener("click", () => {
    upload.cancel().catch(onError);
  });

  function draw(): void {
    const { state } = upload;
    const { progress } = state;
    const waiting = "waiting" in state ? state.waiting : null;
    const completed = state.phase === "completed";
    setAttribute(root, "data-phase", state.phase);
    setAttribute(root, "data-waiting", waiting?.reason ?? "");
    setText(size, formatBytes(upload.file?.size ?? progress.totalBytes));
    setText(phase, phaseWords(state, Date.now()));
    bar.draw(progress);
    const parts = upload.partMap();
    map.draw(parts);
    // Room is kept for a map that is to come; after a failure before the first part none does.
    for (const node of [map.band, foot]) setVisible(node, state.phase !== "failed" || parts.length > 0);

    const moving = state.phase === "uploading" && waiting === null;
    setText(facts.stored, completed ? `${formatBytes(state.result.size)} stored` : storedWords(progress));
    setText(facts.rate, moving && progress.bytesPerSecond > 0 ? formatRate(progress.bytesPerSecond) : "");
    setText(facts.timeLeft, moving ? formatTimeLeft(progress.secondsLeft) : "");
    setText(facts.elapsed, completed ? elapsedWords(state, stopwatch.seconds()) : "");
    setText(facts.resumed, resumedWords(completed ? state.result : progress));
    setText(etag, completed ? `ETag ${state.result.etag}` : "");
    errors.draw(state.phase === "failed" ? state.error : null);

    const warns = warningWords(state);
    setText(warning, warns);
    setAttribute(warning, "title", warns);
    setVisible(warning, warns !== "");
    drawActions(state);
  }

  function drawActions(state: UploadState): void {
    const over = state.phase === "completed" || state.phase === "cancelled";
    const act = actOf(state.phase);
    setAttribute(toggle, "data-act", act.name);
    setAttribute(toggle, "aria-label", act.label(name));
    setText(toggle, act.words);
    setVisible(link, state.phase === "completed");
    setVisible(toggle, !over, root);
    setVisible(cancel, !over, root);
  }

  const unsubscribe = upload.subscribe((state) => {
    stopwatch.note(state.phase);
    onChange(row);
  });
  stopwatch.note(upload.state.phase);

  const row: UploadRow = {
    element: root,
    upload,
    name,
    draw,
    recolour() {
      map.forget();
      onChange(row);
    },
    remove() {
      unsubscribe();
      map.close();
      root.remove();
    },
  };
  return row;
}

function elapsedWords(state: UploadState & { phase: "completed" }, seconds: number): string {
  if (state.result.alreadyStored) return "the store already had it";
  return `${formatBytes(state.result.sentBytes)} sent in ${formatDuration(seconds)}`;
}

interface Act {
  readonly name: "pause" | "resume" | "retry";
  readonly words: string;
  readonly label: (fileName: string) => string;
}

function actOf(phase: UploadState["phase"]): Act {
  if (phase === "failed") return { name: "retry", words: "Try again", label: (file) => `Try ${file} again` };
  if (phase === "paused" || phase === "stopped") {
    return { name: "resume", words: "Resume", label: (file) => `Resume ${file}` };
  }
  return { name: "pause", words: "Pause", label: (file) => `Pause ${file}` };
}
