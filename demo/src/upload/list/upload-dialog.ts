/** Everything that is known of one upload: its map at full size, what the store said, and the error in the library's words. */
import { element, setText, setVisible, worded } from "../../elements/element.js";
import { createErrorBox } from "../../elements/error-box.js";
import type { Palette } from "../../elements/palette.js";
import { grouped } from "../../words/count.js";
import { formatBytes } from "../../words/format.js";
import { fillWords, type WordKey, words } from "../../words/language.js";
import { markRetried } from "../parts/part-cells.js";
import { countingLegend, createPartMap, type PartMap } from "../parts/part-map.js";
import { phaseWords, resumedWords, storedWords } from "../upload-words.js";
import type { Entry } from "./entries.js";

export interface UploadDialog {
  show(entry: Entry): void;
  /** Writes the state of the upload that is shown, if one is. */
  draw(): void;
}

const mapHeight = 96;

/** For tests: [data-testid=upload-dialog] with [data-testid=upload-key], upload-crc64, upload-etag, upload-request-id, and upload-error. */
export function createUploadDialog(palette: Palette): UploadDialog {
  const title = element("h2", { id: "upload-dialog-title" });
  const phase = element("p", { class: "dialog-phase" });
  const mapPlace = element("div", { class: "dialog-map" });
  const legend = countingLegend();
  const errors = createErrorBox("upload");
  const facts = {
    key: fact("upload.key", "upload-key"),
    size: fact("upload.size", "upload-size"),
    crc: fact("upload.crc", "upload-crc64"),
    etag: fact("upload.etag", "upload-etag"),
    requestId: fact("upload.requestId", "upload-request-id"),
  };
  const close = worded("button", "page.close", { type: "submit", class: "button button-primary" });
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": "upload-dialog-title", "data-testid": "upload-dialog" },
    title,
    phase,
    errors.element,
    mapPlace,
    legend.element,
    element("dl", { class: "dialog-facts" }, ...Object.values(facts).flatMap(({ term, value }) => [term, value])),
    element("form", { method: "dialog", class: "dialog-actions" }, close),
  );
  document.body.append(dialog);
  let entry: Entry | null = null;
  let map: PartMap | null = null;
  dialog.addEventListener("close", () => {
    entry = null;
  });
  // A click on the ground around it, which is the dialog's own.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  function draw(): void {
    if (entry === null || map === null) return;
    const said = words();
    const { state, key } = entry.upload;
    const { progress } = state;
    setText(title, entry.name);
    const facing = [phaseWords(said, state, Date.now()), storedWords(said, progress), resumedWords(said, progress)];
    setText(phase, facing.filter((words) => words !== "").join(" · "));
    errors.draw(state.phase === "failed" ? state.error : null);
    const cells = markRetried(entry.upload.partMap(), entry.retried);
    for (const node of [mapPlace, legend.element]) setVisible(node, cells.length > 0);
    map.draw(cells, mapPlace.clientWidth, mapHeight);
    legend.draw(cells);
    const result = state.phase === "completed" ? state.result : null;
    write(facts.key, key);
    write(facts.size, `${formatBytes(progress.totalBytes)} (${grouped(progress.totalBytes)} B)`);
    write(facts.crc, result?.crc64 ?? "");
    write(facts.etag, result?.etag ?? "");
    write(facts.requestId, result?.requestId ?? "");
  }

  return {
    draw,
    show(wanted) {
      entry = wanted;
      map = createPartMap(wanted.name, palette);
      mapPlace.replaceChildren(map.element);
      fillWords(dialog);
      dialog.showModal();
      draw();
    },
  };
}

interface Fact {
  readonly term: HTMLElement;
  readonly value: HTMLElement;
}

function fact(key: WordKey, testid: string): Fact {
  return { term: worded("dt", key), value: element("dd", { "data-testid": testid }) };
}

function write({ term, value }: Fact, text: string): void {
  setText(value, text);
  for (const node of [term, value]) setVisible(node, text !== "");
}
