/** What earlier pages left of an uploader, kept up to date for a framework to draw: one list per uploader, whoever shows it. */
import {
  isUploadError,
  type PendingUpload,
  pickFiles,
  type Upload,
  type UploadCallback,
  type Uploader,
  type UploadSource,
} from "@ossicle/core";
import { Listeners } from "./listeners.js";
import { Watch } from "./watch.js";

/** How an unfinished upload goes on. */
export interface GoOnOptions {
  /** The file. Default: what the device has kept; else the user is asked for it. */
  readonly source?: UploadSource | undefined;
  /** Stops it and keeps what was sent, as the `signal` of `upload()`. */
  readonly signal?: AbortSignal | undefined;
  /** Of an upload that `needsCallback`. */
  readonly callback?: UploadCallback | undefined;
  /** Called with the upload as soon as it is there; the promise resolves when the list has been read again as well. */
  readonly onBegun?: ((upload: Upload) => void) | undefined;
}

/** A pending upload that asks for its file by itself, and tells what went wrong. */
export interface UnfinishedUpload<AppData = unknown> extends PendingUpload<AppData> {
  /** Why it did not go on when it was last asked to, such as "file-changed" for another file; null otherwise. Its message is for users. */
  readonly problem: Error | null;
  /**
   * For a "Continue" button: opens a file picker where the file is needed, and goes on. Call it inside a click. Never rejects. Where the
   * file that the device has kept was moved or edited, `problem` says so, and `needs` is "file" from then on.
   *
   * @returns the upload; undefined where the user has picked nothing, or where `problem` says why
   */
  goOn(options?: GoOnOptions): Promise<Upload<AppData> | undefined>;
}

/** Immutable; a new object for every change. */
export interface UnfinishedState<AppData = unknown> {
  /** Newest first. */
  readonly pending: readonly UnfinishedUpload<AppData>[];
  /** false until the device was asked for the first time, and on a server. */
  readonly isLoaded: boolean;
  /** Why the device could not be asked; null otherwise. It is asked again when the browser is online, or the page is looked at. */
  readonly problem: Error | null;
}

/** Before anything is known, and on a server. */
export const nothingLoaded: UnfinishedState<never> = Object.freeze({ pending: [], isLoaded: false, problem: null });

const lists = new WeakMap<object, Unfinished<unknown>>();

/** @returns the same list for the same uploader */
export function unfinishedOf<AppData>(uploader: Uploader<AppData>): Unfinished<AppData> {
  const list = (lists.get(uploader) as Unfinished<AppData> | undefined) ?? new Unfinished(uploader);
  lists.set(uploader, list as Unfinished<unknown>);
  return list;
}

export class Unfinished<AppData = unknown> {
  readonly #uploader: Uploader<AppData>;
  readonly #listeners = new Listeners();
  readonly #watch: Watch<AppData>;
  readonly #problems = new Map<string, Error>();
  /** Ids of those whose file is not where the device has kept it: it was moved or edited, or may not be read. */
  readonly #astray = new Set<string>();
  #state: UnfinishedState<AppData> = nothingLoaded;
  /** Once for the page: what the user leaves undone later is not taken up behind his back. */
  #resumes: "not wanted" | "wanted" | "done" = "not wanted";
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(uploader: Uploader<AppData>) {
    this.#uploader = uploader;
    this.#watch = new Watch(uploader, () => this.look());
  }

  get state(): UnfinishedState<AppData> {
    return this.#state;
  }

  /**
   * The first listener makes it look.
   *
   * @param autoResume goes on with what needs nobody, once for the page
   * @returns the unsubscriber
   */
  subscribe(listener: () => void, { autoResume }: { readonly autoResume: boolean }): () => void {
    const isFirst = this.#listeners.size === 0;
    const leave = this.#listeners.add(listener);
    const isNews = autoResume && this.#resumes === "not wanted";
    if (isNews) this.#resumes = "wanted";
    if (isFirst) this.#watch.begin();
    // Mounted twice at once, as StrictMode does: the first look serves the second, too.
    if (isNews || (isFirst && this.#looking === undefined)) this.look();
    return () => {
      leave();
      if (this.#listeners.size === 0) this.#watch.end();
    };
  }

  /** Asks the device once more. Never rejects. */
  look(): Promise<void> {
    if (this.#looking !== undefined) this.#lookAgain = true;
    this.#looking ??= this.#lookUntilNew();
    return this.#looking;
  }

  async #lookUntilNew(): Promise<void> {
    try {
      do {
        this.#lookAgain = false;
        await this.#lookOnce();
      } while (this.#lookAgain);
    } finally {
      // In the same step as the last question: who asks from here on begins a new look.
      this.#looking = undefined;
    }
  }

  async #lookOnce(): Promise<void> {
    try {
      this.#watch.asks();
      const left = await this.#ask();
      const ids = new Set(left.map(({ id }) => id));
      for (const kept of [this.#problems, this.#astray]) {
        for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
      }
      this.#watch.offers(left);
      this.#show({ pending: left.map((entry) => this.#offered(entry)), isLoaded: true, problem: null });
    } catch (cause) {
      this.#show({ ...this.#state, isLoaded: true, problem: asError(cause) });
    }
  }

  async #ask(): Promise<readonly PendingUpload<AppData>[]> {
    if (this.#resumes !== "wanted") return await this.#uploader.pending();
    const rest = await this.#uploader.resumeAll();
    this.#resumes = "done";
    return rest;
  }

  #offered(entry: PendingUpload<AppData>): UnfinishedUpload<AppData> {
    return {
      ...entry,
      needs: this.#needs(entry),
      problem: this.#problems.get(entry.id) ?? null,
      resume: (...given) => this.#thenLook(() => entry.resume(...given)),
      discard: () => this.#thenLook(() => entry.discard()),
      goOn: (options) => this.#goOn(entry, options ?? {}),
    };
  }

  #needs({ id, needs }: PendingUpload<AppData>): PendingUpload["needs"] {
    return this.#astray.has(id) ? "file" : needs;
  }

  async #goOn(
    entry: PendingUpload<AppData>,
    { source, onBegun, ...options }: GoOnOptions,
  ): Promise<Upload<AppData> | undefined> {
    const needsFile = source === undefined && this.#needs(entry) === "file";
    try {
      // First of all, as browsers open a picker only inside a click.
      const file = needsFile ? (await pickFiles())[0] : source;
      if (needsFile && file === undefined) return undefined;
      this.#problems.delete(entry.id);
      return await this.#thenLook(async () => {
        const upload = await entry.resume(file, options);
        onBegun?.(upload as Upload);
        return upload;
      });
    } catch (cause) {
      this.#problems.set(entry.id, asError(cause));
      if (source === undefined && isAboutFile(cause)) this.#astray.add(entry.id);
      await this.look();
      return undefined;
    }
  }

  async #thenLook<T>(act: () => Promise<T>): Promise<T> {
    const done = await act();
    await this.look();
    return done;
  }

  #show(state: UnfinishedState<AppData>): void {
    this.#state = Object.freeze(state);
    this.#listeners.tell();
  }
}

function isAboutFile(cause: unknown): boolean {
  return isUploadError(cause) && (cause.code === "file-changed" || cause.code === "file-unreadable");
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
