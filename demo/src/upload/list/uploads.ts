/** The uploads of this page: keeps their entries, draws the list and its head, and announces each upload that ends. */
import type { PickedFile, RequestTrace, Upload, Uploader } from "@ossicle/core";
import type { Announcer } from "../../elements/announcer.js";
import { setVisible } from "../../elements/element.js";
import type { Frame } from "../../elements/frame.js";
import type { Palette } from "../../elements/palette.js";
import { words } from "../../words/language.js";
import { cellsAtTheEnd } from "../parts/part-cells.js";
import { sentenceAtTheEnd } from "../upload-words.js";
import { type Entry, isHeld, newEntry, sumUp } from "./entries.js";
import { createEntryList, type EntryList } from "./entry-list.js";
import { createListHead, type Figure } from "./list-head.js";
import type { Throughput } from "./page-throughput.js";
import { createUploadDialog } from "./upload-dialog.js";
import { createUploadList } from "./upload-list.js";

export interface Uploads {
  /** Adds a row at the end of the list. If the upload has a row already, scrolls to it. */
  add(upload: Upload, picked?: PickedFile, toFront?: Entry["toFront"]): void;
  /** Shows the uploads of this uploader from now on, and removes the rows of the one before. */
  follow(uploader: Uploader): void;
  /** Call it for every request that ended. */
  note(trace: RequestTrace): void;
  /** Call it when the language or the colours have changed. */
  redraw(): void;
}

export interface UploadsOptions {
  /** Hidden while there is no row. */
  readonly section: HTMLElement;
  /** @returns where the stored object can be opened; undefined if it cannot */
  readonly linkTo: (key: string) => string | undefined;
  readonly frame: Frame;
  readonly palette: Palette;
  /** Gets every number of bytes that were sent; `figure` may draw it. */
  readonly throughput: Throughput;
  /** Stands beside the sum. */
  readonly figure: Figure;
  readonly announcer: Announcer;
  readonly onError: (error: unknown) => void;
  /** Called after every change. */
  readonly onChange: (entries: readonly Entry[]) => void;
}

/** Countdowns, and the graph of a silent network, change although no upload reports anything: they are drawn so often. */
const tickMs = 500;

export function createUploads(options: UploadsOptions): Uploads {
  const { section, frame, throughput, announcer } = options;
  const entries = createEntryList();
  let sum = sumUp(entries.all);
  let followed: Uploader | undefined;
  let unfollow = () => {};
  const tickSoon = createTick(changed);
  const drawSoon = () => frame.request(draw);
  const { head, list, dialog } = createParts(options, entries, { drawSoon, changed });
  section.append(head.element, list.element);

  /** Runs outside of frames: a hidden tab draws none, but it has a title and announces what ends. */
  function changed(): void {
    for (const entry of entries.all) {
      noteParts(entry);
      notePhase(entry, announcer);
    }
    sum = sumUp(entries.all);
    const now = performance.now();
    throughput.note(now, sum.movedBytes);
    head.drawTitle(sum);
    options.onChange(entries.all);
    drawSoon();
    if (sum.canPause || !throughput.isStill(now)) tickSoon();
  }

  function draw(): void {
    setVisible(section, entries.all.length > 0);
    head.draw(sum, followed?.progress.secondsLeft ?? null, performance.now());
    list.draw(entries.all, head.filter);
    dialog.draw();
  }

  return {
    add(upload, picked, toFront = null) {
      const known = entries.of(upload);
      if (known !== undefined) {
        list.show(known);
        return;
      }
      const entry = newEntry(upload, picked);
      entry.stopwatch.note(entry.phase);
      entries.add(entry, toFront, changed);
      drawSoon();
    },
    follow(uploader) {
      unfollow();
      entries.removeAll();
      list.forget();
      followed = uploader;
      unfollow = uploader.subscribe(changed);
      changed();
    },
    note: (trace) => noteRetry(entries.all, trace),
    redraw() {
      list.forget();
      changed();
    },
  };
}

function createParts(
  { palette, linkTo, figure, onError }: UploadsOptions,
  entries: EntryList,
  { drawSoon, changed }: { readonly drawSoon: () => void; readonly changed: () => void },
) {
  const dialog = createUploadDialog(palette);
  const list = createUploadList({ palette, linkTo, onDetails: dialog.show, onError, onLayout: drawSoon });
  const head = createListHead({
    figure,
    onFilter: drawSoon,
    onPauseAll: () => pauseAll(entries.all, onError),
    onResumeAll: () => resumeAll(entries.all),
    onClear() {
      entries.removeOver();
      changed();
    },
  });
  return { head, list, dialog };
}

/** @returns asks for one call of `act` after a tick; asking again meanwhile changes nothing */
function createTick(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      act();
    }, tickMs);
  };
}

/** From the end: a pause frees a connection, and the next in line would start just to be paused as well. */
function pauseAll(entries: readonly Entry[], onError: (error: unknown) => void): void {
  for (const { upload } of entries.toReversed()) if (!isHeld(upload.state.phase)) upload.pause().catch(onError);
}

function resumeAll(entries: readonly Entry[]): void {
  for (const { upload } of entries) if (isHeld(upload.state.phase)) upload.resume();
}

/** Keeps the map of parts, which the library lets go when an upload completes. To be called before `notePhase`. */
function noteParts(entry: Entry): void {
  const { state } = entry.upload;
  if (state.phase !== "completed") entry.cells = entry.upload.partMap();
  else if (entry.phase !== "completed") entry.cells = cellsAtTheEnd(entry.cells, state);
}

/** Compares an upload with how it was at the last look, and announces that it was stored or has failed. */
function notePhase(entry: Entry, announcer: Announcer): void {
  const { state } = entry.upload;
  if (state.phase === entry.phase) return;
  entry.phase = state.phase;
  entry.stopwatch.note(state.phase);
  const sentence = sentenceAtTheEnd(words(), entry.name, state);
  if (sentence !== null) announcer.end(sentence, state.phase === "failed" ? "failed" : "stored");
}

/** Remembers the part of a request that failed or was a second attempt, so that the map can show it. */
function noteRetry(entries: readonly Entry[], { upload: id, partNumber, error, attempt }: RequestTrace): void {
  if (partNumber === null || (error === null && attempt === 1)) return;
  entries.find(({ upload }) => upload.id === id)?.retried.add(partNumber);
}
