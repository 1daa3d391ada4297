/** Takes files, whether picked, dropped or pasted: an unfinished upload of the same file goes on, every other file begins. */
import type { PickedFile, Uploader, UploadOptions } from "@ossicle/core";
import { words } from "../../words/language.js";
import type { Uploads } from "../list/uploads.js";
import type { PendingList } from "../pending/pending-list.js";

export interface Intake {
  /** Adds some thousand files without stopping the page. Never rejects. */
  take(files: readonly PickedFile[]): Promise<void>;
  /** Begins a new upload, whatever earlier pages left under this key. */
  begin(picked: PickedFile, key: string): void;
}

export interface IntakeOptions {
  /** The uploader in use. */
  readonly uploader: () => Uploader;
  readonly pending: PendingList;
  readonly uploads: Uploads;
  readonly priority: () => NonNullable<UploadOptions["priority"]>;
  /** Tells screen readers. */
  readonly announce: (sentence: string) => void;
  /** Called when `upload()` throws, e.g. for a key that no store takes. */
  readonly onError: (error: unknown) => void;
  /** @param found number of files that are being added; 0 when all are added */
  readonly onBusy: (found: number) => void;
}

/** Files are added for this long at a time, half a frame; the other half is for drawing them. */
const sliceMs = 8;

export function createIntake({ pending, uploads, priority, ...options }: IntakeOptions): Intake {
  function begin(picked: PickedFile, key: string): void {
    const uploader = options.uploader();
    const wanted = priority();
    const stop = new AbortController();
    try {
      const upload = uploader.upload(picked, { key, priority: wanted, signal: stop.signal });
      const toFront = async () => {
        // The signal stops the upload but keeps what is stored. The same file under the same key then goes on, in front.
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
    // The same name gives the same key, so that a file that is picked again after a reload finds its upload.
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

/** Lets the page draw and react to clicks and keys. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
