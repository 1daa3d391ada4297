/** The dialog with the details of one upload: its map of parts, what the store answered, and the error in the library's words. */
import type { Upload } from "@ossicle/core";
import type { Entry } from "../desk/entries.js";
import { element, setText, setVisible } from "../dom/element.js";
import { createErrorBox } from "../dom/error-box.js";
import type { Palette } from "../dom/palette.js";
import { worded } from "../dom/worded.js";
import { markRetried } from "../parts/part-cells.js";
import { createPartMap, type PartMap, partLegend } from "../parts/part-map.js";
import { grouped } from "../words/count.js";
import type { Words } from "../words/en.js";
import { formatBytes } from "../words/format.js";
import { fillWords, type WordKey } from "../words/language.js";
import { phaseWords, resumedWords, storedWords } from "../words/upload-words.js";

export interface UploadDialog {
  readonly element: HTMLDialogElement;
  show(entry: Entry): void;
  /** Updates the dialog. Does nothing while it is closed. */
  draw(): void;
}

/** In CSS pixels. */
const mapHeight = 96;

/** For tests: [data-testid=upload-dialog] with [data-testid=upload-key], upload-crc64, upload-etag, upload-request-id, and upload-error. */
export function createUploadDialog(palette: Palette, words: () => Words): UploadDialog {
  const title = element("h2", { id: "upload-dialog-title" });
  const phase = element("p", { class: "dialog-phase" });
  const mapPlace = element("div", { class: "dialog-map" });
  const legend = partLegend();
  const errors = createErrorBox("upload");
  const facts = createFacts();
  const dialog = createDialog(title, phase, errors.element, mapPlace, legend.element, facts.element);
  let shown: { readonly entry: Entry; readonly map: PartMap } | null = null;
  dialog.addEventListener("close", () => {
    shown = null;
  });

  function draw(): void {
    if (shown === null) return;
    const { entry, map } = shown;
    const { state } = entry.upload;
    setText(title, entry.name);
    setText(phase, howFar(words(), entry.upload));
    errors.draw(state.phase === "failed" ? state.error : null, words());
    const cells = markRetried(entry.cells, entry.retried);
    for (const node of [mapPlace, legend.element]) setVisible(node, cells.length > 0);
    const { totalBytes, fraction } = state.progress;
    const shownParts = { cells, starts: entry.starts, totalBytes, fraction, isVerified: false };
    map.draw(words(), shownParts, mapPlace.clientWidth, mapHeight);
    legend.draw(cells);
    facts.draw(words(), entry);
  }

  return {
    element: dialog,
    draw,
    show(entry) {
      shown = { entry, map: createPartMap(entry.name, palette, true) };
      mapPlace.replaceChildren(shown.map.element);
      fillWords(dialog, words());
      dialog.showModal();
      draw();
    },
  };
}

/** Closed by its button, by Escape, and by a click beside it. */
function createDialog(...content: readonly HTMLElement[]): HTMLDialogElement {
  const close = worded("button", "page.close", { type: "submit", class: "button button-primary", part: "button" });
  const dialog = element(
    "dialog",
    { class: "dialog", part: "dialog", "aria-labelledby": "upload-dialog-title", "data-testid": "upload-dialog" },
    ...content,
    element("form", { method: "dialog", class: "dialog-actions" }, close),
  );
  // The dialog covers its backdrop: a click beside its content has the dialog itself as target.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}

function howFar(said: Words, { state }: Upload): string {
  const { progress } = state;
  const sentences = [phaseWords(said, state, Date.now()), storedWords(said, progress), resumedWords(said, progress)];
  return sentences.filter((sentence) => sentence !== "").join(" · ");
}

/** What support asks for: key, size, and what the store answered at the end. Empty ones are hidden. */
function createFacts() {
  const key = createFact("upload.key", "upload-key");
  const size = createFact("upload.size", "upload-size");
  const crc = createFact("upload.crc", "upload-crc64");
  const etag = createFact("upload.etag", "upload-etag");
  const requestId = createFact("upload.requestId", "upload-request-id");
  const date = createFact("upload.date", "upload-date");
  const all = [key, size, crc, etag, date, requestId];
  return {
    element: element("dl", { class: "dialog-facts" }, ...all.flatMap(({ term, value }) => [term, value])),
    draw({ locale }: Words, { upload, isKept }: Entry) {
      const { state } = upload;
      const { totalBytes } = state.progress;
      const result = state.phase === "completed" ? state.result : null;
      write(key, upload.key);
      write(size, `${formatBytes(totalBytes)} (${grouped(totalBytes)} B)`);
      write(crc, result?.crc64 ?? "");
      write(etag, result?.etag ?? "");
      const finishedAt = isKept ? upload.file?.lastModified : undefined;
      write(date, finishedAt === undefined ? "" : new Date(finishedAt).toLocaleString(locale));
      write(requestId, result?.requestId ?? "");
    },
  };
}

interface Fact {
  readonly term: HTMLElement;
  readonly value: HTMLElement;
}

function createFact(key: WordKey, testid: string): Fact {
  return { term: worded("dt", key), value: element("dd", { "data-testid": testid }) };
}

function write({ term, value }: Fact, text: string): void {
  setText(value, text);
  for (const node of [term, value]) setVisible(node, text !== "");
}
