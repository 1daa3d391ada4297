/** What happens to files, however they came: those of unfinished uploads go on, the others begin. A slice of them at a time. */
import type { PickedFile, Uploader, UploadOptions } from "@ossicle/core";
import { words } from "../../words/language.js";
import type { Uploads } from "../list/uploads.js";
import type { PendingList } from "../pending/pending-list.js";

export interface Intake {
  /** Never rejects. */
  take(files: readonly PickedFile[]): Promise<void>;
  /** Begins anew, whatever earlier pages left under this key. */
  begin(picked: PickedFile, key: string): void;
}

export interface IntakeOptions {
  /** The uploader in use. */
  readonly uploader: () => Uploader;
  readonly pending: PendingList;
  readonly uploads: Uploads;
  readonly priority: () => NonNullable<UploadOptions["priority"]>;
  /** Politely, to screen readers. */
  readonly announce: (sentence: string) => void;
  /** A file cannot be uploaded at all. */
  readonly onError: (error: unknown) => void;
  /** @param found how many are being added; 0 when all of them are */
  readonly onBusy: (found: number) => void;
}

/** Half a frame: the other half is for drawing what was added. */
const sliceMs = 8;

export function createIntake({ pending, uploads, priority, ...options }: IntakeOptions): Intake {
  function begin(picked: PickedFile, key: string): void {
    const uploader = options.uploader();
    const wanted = priority();
    const stop = new AbortController();
    try {
      const upload = uploader.upload(picked, { key, priority: wanted, signal: stop.signal });
      const toFront = async () => {
        // A signal stops and keeps; then the same file under the same key is the same upload, with another priority.
        stop.abort();
        await upload.finished.catch(() => {});
        return uploader.upload(picked, { key, priority: "high" });
      };
      uploads.add(upload, picked, wanted === "high" ? null : toFront);
    } catch (error) {
      options.onError(error);
    }
  }

  async function takeOne(picked: PickedFile): Promise<"resumed" | "failed" | "begun"> {
    // The same name gives the same key: picked again after a reload, the upload goes on by itself.
    const key = `uploads/${picked.path}`;
    const outcome = await pending.recognise(picked, key);
    if (outcome !== "other") return outcome;
    begin(picked, key);
    return "begun";
  }

  return {
    begin,
    async take(files) {
      options.onBusy(files.length);
      let resumed = 0;
      let since = performance.now();
      for (const picked of files) {
        if ((await takeOne(picked)) === "resumed") resumed += 1;
        if (performance.now() - since < sliceMs) continue;
        await nextTask();
        since = performance.now();
      }
      options.onBusy(0);
      if (resumed > 0) options.announce(words().pending.someRecognised(resumed));
    },
  };
}

/** Lets the page draw, and hear the person who uses it. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
