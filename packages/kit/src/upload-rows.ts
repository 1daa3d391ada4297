/**
 * The rows of an upload widget: uploads of the page, and what earlier pages left, to keys that begin with the widget's prefix. They
 * are the uploader's and not the widget's, so that they outlive it.
 */
import type { Upload, Uploader, UploadState } from "@ossicle/core";
import { Listeners } from "./listeners.js";
import { type UnfinishedUpload, unfinishedOf } from "./unfinished.js";

/** Immutable; a new object for every change. `uid` is what the widget knows the row by, and stays. */
export type Row<AppData = unknown> =
  | {
      readonly kind: "upload";
      readonly uid: string;
      readonly name: string;
      readonly upload: Upload<AppData>;
      readonly state: UploadState;
      /** As the widget handed it over; undefined where another part of the app began the upload. */
      readonly file: Blob | undefined;
    }
  | {
      readonly kind: "unfinished";
      readonly uid: string;
      readonly name: string;
      readonly unfinished: UnfinishedUpload<AppData>;
    }
  /** A call of `upload()` that can never work. */
  | {
      readonly kind: "refused";
      readonly uid: string;
      readonly name: string;
      readonly file: Blob;
      readonly error: Error;
    };

type UploadRow<AppData> = Extract<Row<AppData>, { kind: "upload" }>;
type UnfinishedRow<AppData> = Extract<Row<AppData>, { kind: "unfinished" }>;
type RefusedRow<AppData> = Extract<Row<AppData>, { kind: "refused" }>;

/** What a widget knows of an upload that it began. */
interface Begun {
  readonly uid: string;
  readonly file: Blob | undefined;
}

const begun = new WeakMap<object, Begun>();
const widgets = new WeakMap<object, Map<string, UploadRows<unknown>>>();

/** @returns the same rows for the same uploader and prefix */
export function rowsOf<AppData>(uploader: Uploader<AppData>, prefix: string): UploadRows<AppData> {
  const ofUploader = widgets.get(uploader) ?? new Map<string, UploadRows<unknown>>();
  widgets.set(uploader, ofUploader);
  const rows = ofUploader.get(prefix) ?? (new UploadRows(uploader, prefix) as unknown as UploadRows<unknown>);
  ofUploader.set(prefix, rows);
  return rows as unknown as UploadRows<AppData>;
}

export class UploadRows<AppData = unknown> {
  readonly #uploader: Uploader<AppData>;
  readonly #prefix: string;
  readonly #listeners = new Listeners();
  readonly #ofUploads = new WeakMap<object, UploadRow<AppData>>();
  readonly #ofUnfinished = new WeakMap<object, UnfinishedRow<AppData>>();
  /** Removed, and not yet ended: nobody sees them any more, but their last requests may be under way. */
  readonly #leaving = new Map<Upload<AppData>, Promise<void>>();
  #refused: readonly RefusedRow<AppData>[] = [];
  #last: readonly Row<AppData>[] = [];

  constructor(uploader: Uploader<AppData>, prefix: string) {
    this.#uploader = uploader;
    this.#prefix = prefix;
  }

  /** The unfinished first, then the others in the order in which they were begun. The same array until a row changes. */
  get rows(): readonly Row<AppData>[] {
    const { pending } = unfinishedOf(this.#uploader).state;
    const leaving = new Set([...this.#leaving.keys()].map(({ key }) => key));
    const left = pending
      .filter(({ key }) => this.#isHere(key) && !leaving.has(key))
      .map((entry) => this.#rowOfUnfinished(entry));
    const uploads = this.#uploader.uploads
      .filter((upload) => this.#isHere(upload.key) && upload.state.phase !== "cancelled" && !this.#leaving.has(upload))
      .map((upload) => this.#rowOfUpload(upload));
    // An upload that goes on is listed a moment before the list of what is left is read again.
    const here = new Set(uploads.map(({ uid }) => uid));
    const rows = [...left.filter(({ uid }) => !here.has(uid)), ...uploads, ...this.#refused];
    if (rows.length !== this.#last.length || rows.some((row, at) => row !== this.#last[at])) this.#last = rows;
    return this.#last;
  }

  /** Called at most ten times a second, and at once for what the widget itself does. @returns the unsubscriber */
  subscribe(listener: () => void, options: { readonly autoResume: boolean }): () => void {
    const leave = [
      this.#listeners.add(listener),
      this.#uploader.subscribe(listener),
      unfinishedOf(this.#uploader).subscribe(listener, options),
    ];
    return () => {
      for (const each of leave) each();
    };
  }

  /**
   * Begins an upload for a row of the widget.
   *
   * @param begin calls `upload()`
   * @returns undefined where that call can never work: a row says why
   * @throws Error for a key that is not the widget's: its row would never be seen
   */
  begin(uid: string, file: Blob, begin: () => Upload<AppData>): Upload<AppData> | undefined {
    try {
      const upload = begin();
      this.name(upload, uid, file);
      return upload;
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      this.#refused = [...this.#refused, { kind: "refused", uid, name: nameOf(file), file, error }];
      this.#listeners.tell();
      return undefined;
    }
  }

  /** The widget knows this upload by that name from now on. */
  name(upload: Upload<AppData>, uid: string, file?: Blob): void {
    begun.set(upload, { uid, file });
    this.#listeners.tell();
  }

  /** Goes on with what an earlier page left, in the same row. @returns as `UnfinishedUpload.goOn` does */
  async goOn({ uid, unfinished }: UnfinishedRow<AppData>): Promise<Upload<AppData> | undefined> {
    // Named before anybody looks: a row with another name would be drawn as another one.
    return await unfinished.goOn({ onBegun: (upload) => this.name(upload as Upload<AppData>, uid) });
  }

  /**
   * Takes a row away, at once: what is unfinished is cancelled, and what was sent of it deleted; an object that is complete stays in the bucket.
   *
   * @returns false where it cannot be, because another tab sends it
   */
  async remove(row: Row<AppData>): Promise<boolean> {
    if (row.kind === "refused") {
      this.#refused = this.#refused.filter((each) => each !== row);
    } else if (row.kind === "upload") {
      await this.#leave(row.upload);
    } else {
      try {
        await row.unfinished.discard();
      } catch {
        return false;
      }
    }
    this.#listeners.tell();
    return true;
  }

  /** @returns when nothing of rows that were removed is sent to this key any more; undefined where nothing is now */
  leaving(key: string): Promise<unknown> | undefined {
    const there = [...this.#leaving].filter(([upload]) => upload.key === key);
    return there.length === 0 ? undefined : Promise.allSettled(there.map(([, ended]) => ended));
  }

  async #leave(upload: Upload<AppData>): Promise<void> {
    const ended = upload.cancel();
    this.#leaving.set(upload, ended);
    this.#listeners.tell();
    try {
      await ended;
      this.#uploader.remove(upload);
      // A list that was read before its checkpoint was marked offers to continue what the user has just removed.
      await unfinishedOf(this.#uploader).look();
    } finally {
      this.#leaving.delete(upload);
    }
  }

  #isHere(key: string): boolean {
    return key.startsWith(this.#prefix);
  }

  #rowOfUpload(upload: Upload<AppData>): UploadRow<AppData> {
    const { state, file: info, key } = upload;
    const { uid, file } = begun.get(upload) ?? { uid: upload.id, file: undefined };
    const last = this.#ofUploads.get(upload);
    if (last?.state === state && last.uid === uid && last.file === file) return last;
    const row = {
      kind: "upload",
      uid,
      name: info?.name || (key.split("/").at(-1) ?? key),
      upload,
      state,
      file,
    } as const;
    this.#ofUploads.set(upload, row);
    return row;
  }

  #rowOfUnfinished(unfinished: UnfinishedUpload<AppData>): UnfinishedRow<AppData> {
    const row = this.#ofUnfinished.get(unfinished) ?? {
      kind: "unfinished" as const,
      uid: unfinished.id,
      name: unfinished.file.name,
      unfinished,
    };
    this.#ofUnfinished.set(unfinished, row);
    return row;
  }
}

function nameOf(file: Blob): string {
  return file instanceof File ? file.name : "";
}
