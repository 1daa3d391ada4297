/** Everything about the uploads of this page: their entries, the list and its head, and what is said when one ends. */
import type { PickedFile, RequestTrace, Upload, Uploader } from "@ossicle/core";
import type { Announcer } from "../../elements/announcer.js";
import { setVisible } from "../../elements/element.js";
import type { Frame } from "../../elements/frame.js";
import type { Palette } from "../../elements/palette.js";
import { words } from "../../words/language.js";
import { sentenceAtTheEnd } from "../upload-words.js";
import { type Entry, isHeld, isOver, newEntry, type Sum, sumUp } from "./entries.js";
import { createListHead, type Figure } from "./list-head.js";
import type { Throughput } from "./throughput.js";
import { createUploadDialog } from "./upload-dialog.js";
import { createUploadList } from "./upload-list.js";

export interface Uploads {
  readonly entries: readonly Entry[];
  /** Gives an upload its row, at the end of the list; shows the row of one that is there already. */
  add(upload: Upload, picked?: PickedFile, toFront?: Entry["toFront"]): void;
  /** Follows another uploader from now on; the rows of the last one go. */
  follow(uploader: Uploader): void;
  /** A request has ended. */
  note(trace: RequestTrace): void;
  /** Language or colours have changed. */
  redraw(): void;
}

export interface UploadsOptions {
  /** Shown once there is a row. */
  readonly section: HTMLElement;
  readonly linkTo: (key: string) => string | undefined;
  readonly frame: Frame;
  readonly palette: Palette;
  /** Told here what is sent; `figure` may show it. */
  readonly throughput: Throughput;
  /** Beside the sum. */
  readonly figure: Figure;
  readonly announcer: Announcer;
  readonly onError: (error: unknown) => void;
  /** After every change, for whoever counts along. */
  readonly onSum: (entries: readonly Entry[], sum: Sum) => void;
}

/** Countdowns, and the graph of a silent network, change without any news from the uploads. */
const idleTickMs = 500;

export function createUploads(options: UploadsOptions): Uploads {
  const { section, frame, palette, throughput, announcer, onError } = options;
  const dialog = createUploadDialog(palette);
  let entries: Entry[] = [];
  let byUpload = new Map<Upload, Entry>();
  let sum = sumUp(entries);
  let unfollow = () => {};
  let tick: ReturnType<typeof setTimeout> | null = null;

  const drawSoon = () => frame.request(draw);
  const list = createUploadList({
    palette,
    linkTo: options.linkTo,
    onDetails: (entry) => dialog.show(entry),
    onError,
    onLayout: drawSoon,
  });
  const head = createListHead({
    throughput,
    figure: options.figure,
    onFilter: drawSoon,
    onPauseAll() {
      // From the end: what is paused makes room, and nothing is to slip into it.
      for (const { upload } of entries.toReversed()) if (!isHeld(upload.state.phase)) upload.pause().catch(onError);
    },
    onResumeAll() {
      for (const { upload } of entries) if (isHeld(upload.state.phase)) upload.resume();
    },
    onClear() {
      entries = entries.filter(({ upload }) => !isOver(upload.state.phase));
      byUpload = new Map(entries.map((entry) => [entry.upload, entry]));
      changed();
    },
  });
  section.append(head.element, list.element);

  /** Not only in frames: a hidden tab has none, but it has a title, and something to say. */
  function changed(): void {
    for (const entry of entries) {
      const { state } = entry.upload;
      if (state.phase === entry.phase) continue;
      entry.phase = state.phase;
      entry.stopwatch.note(state.phase);
      const sentence = sentenceAtTheEnd(words(), entry.name, state);
      if (sentence !== null) announcer.end(sentence, state.phase === "failed" ? "failed" : "stored");
    }
    sum = sumUp(entries);
    const now = performance.now();
    throughput.note(now, sum.movedBytes);
    head.drawTitle(sum);
    options.onSum(entries, sum);
    drawSoon();
    if (tick === null && (sum.canPause || !throughput.isStill(now))) {
      tick = setTimeout(() => {
        tick = null;
        changed();
      }, idleTickMs);
    }
  }

  function draw(): void {
    setVisible(section, entries.length > 0);
    head.draw(sum, performance.now());
    list.draw(entries, head.filter);
    dialog.draw();
  }

  return {
    get entries() {
      return entries;
    },
    add(upload, picked, toFront) {
      const known = byUpload.get(upload);
      if (known !== undefined) {
        list.show(known);
        return;
      }
      const entry = newEntry(upload, picked, toFront === undefined ? null : toFront);
      if (toFront !== undefined && toFront !== null) {
        entry.toFront = async () => {
          byUpload.delete(entry.upload);
          entry.upload = await toFront();
          byUpload.set(entry.upload, entry);
          entry.toFront = null;
          changed();
          return entry.upload;
        };
      }
      entry.stopwatch.note(entry.phase);
      entries.push(entry);
      byUpload.set(upload, entry);
      drawSoon();
    },
    follow(uploader) {
      unfollow();
      entries = [];
      byUpload = new Map();
      list.forget();
      unfollow = uploader.subscribe(changed);
      changed();
    },
    note({ upload: id, partNumber, error, attempt }) {
      if (partNumber === null || (error === null && attempt === 1)) return;
      const entry = entries.find(({ upload }) => upload.id === id);
      entry?.retried.add(partNumber);
    },
    redraw() {
      list.forget();
      changed();
    },
  };
}
