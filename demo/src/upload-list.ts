/** The uploads of this page: a row each, in the order they were given, and what is said when one ends. */
import type { Upload, Uploader } from "@ossicle/core";
import type { Announcer } from "./announcer.js";
import { element, setVisible } from "./element.js";
import type { Frame } from "./frame.js";
import { createListHead, isOver } from "./list-head.js";
import { createPalette } from "./part-map.js";
import { createUploadRow, type UploadRow } from "./upload-row.js";
import { sentenceAtTheEnd } from "./words.js";

export interface UploadList {
  /** Makes sure that an upload has a row; brings one into view that was there, e.g. when its file is dropped again. */
  show(upload: Upload): void;
  /** The colours of the page have changed. */
  recolour(): void;
}

export interface UploadListOptions {
  readonly uploader: Uploader;
  /** Shown once there is a row. */
  readonly section: HTMLElement;
  readonly linkTo: (key: string) => string;
  readonly frame: Frame;
  readonly announcer: Announcer;
  readonly onError: (error: unknown) => void;
}

export function createUploadList(options: UploadListOptions): UploadList {
  const { uploader, section, frame, announcer, onError } = options;
  const rows = new Map<Upload, UploadRow>();
  const palette = createPalette();
  const cleared = new WeakSet<Upload>();
  let countdown: ReturnType<typeof setTimeout> | null = null;

  const list = element("ul", { class: "rows", "data-testid": "uploads", "aria-label": "Uploads" });
  const head = createListHead({ uploader, onError, onClear: clearEnded });
  section.append(head.element, list);

  function clearEnded(): void {
    for (const [upload, row] of rows) {
      if (!isOver(upload.state.phase)) continue;
      cleared.add(upload);
      rows.delete(upload);
      row.remove();
    }
    frame.request(drawHead);
  }

  function add(upload: Upload): void {
    const row = createUploadRow({
      upload,
      palette,
      linkTo: options.linkTo,
      onChange: (changed) => frame.request(changed.draw),
      onError,
    });
    rows.set(upload, row);
    list.append(row.element);
    row.draw();
    let phase = upload.state.phase;
    upload.subscribe((state) => {
      if (state.phase === phase) return;
      phase = state.phase;
      const sentence = sentenceAtTheEnd(row.name, state);
      if (sentence !== null) announcer.say(sentence);
    });
  }

  function addNew(): void {
    for (const upload of uploader.uploads) if (!rows.has(upload) && !cleared.has(upload)) add(upload);
  }

  function drawHead(): void {
    setVisible(section, rows.size > 0);
    head.draw([...rows.keys()]);
    if (countdown === null) countdown = startCountdown();
  }

  /** "Trying again in 4 s" changes without any news from the upload. */
  function startCountdown(): ReturnType<typeof setTimeout> | null {
    const counting = [...rows.values()].filter(({ upload }) => countsDown(upload));
    if (counting.length === 0) return null;
    return setTimeout(() => {
      countdown = null;
      for (const row of counting) frame.request(row.draw);
      frame.request(drawHead);
    }, 500);
  }

  uploader.subscribe(() => {
    addNew();
    // A hidden tab has no frames, but its title is on the tab.
    head.drawTitle([...rows.keys()]);
    frame.request(drawHead);
  });
  addNew();
  drawHead();

  return {
    show(upload) {
      const row = rows.get(upload);
      // A new row needs no showing: it comes with the others of its drop, and scrolling to each would cost a layout each.
      if (row === undefined) addNew();
      else row.element.scrollIntoView({ block: "nearest" });
    },
    recolour() {
      palette.forget();
      for (const row of rows.values()) row.recolour();
    },
  };
}

function countsDown({ state }: Upload): boolean {
  return "waiting" in state && state.waiting?.untilMs !== undefined;
}
