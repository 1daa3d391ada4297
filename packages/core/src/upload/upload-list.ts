/** The uploads of one page, in the order in which they were begun, for ten thousand of them as for ten. */
import type { Progress, UploadOptions, UploadSource } from "../api/upload.js";
import { UploadError } from "../errors.js";
import { Batch, type Counted } from "./batch.js";
import { isSettled } from "./state.js";

/** What the list needs to know of an upload. */
interface Listed extends Counted {
  readonly key: string;
  /** A later upload() of the same file. @returns false where it is to be an upload of its own */
  join(source: UploadSource, options: UploadOptions): boolean;
}

export class UploadList<T extends Listed> {
  readonly #all = new Set<T>();
  readonly #byKey = new Map<string, Set<T>>();
  readonly #settled = new Set<T>();
  /** Those of the settled ones that nothing happens to any more, oldest first. */
  readonly #completed = new Set<T>();
  readonly #batch: Batch<T>;
  readonly #keepSettled: number;
  /** Made when it is asked for, and until then no more: an app reads it ten times a second, and may add ten thousand files. */
  #snapshot: readonly T[] | undefined;

  /**
   * @param keepSettled how many settled uploads are kept before the oldest completed ones go
   * @param elapsed milliseconds of a clock that nobody sets
   */
  constructor(keepSettled: number, elapsed: () => number) {
    this.#batch = new Batch(elapsed);
    this.#keepSettled = keepSettled;
  }

  /** Unchanged, and the same array, until an upload is added or goes. */
  get snapshot(): readonly T[] {
    this.#snapshot ??= Object.freeze([...this.#all]);
    return this.#snapshot;
  }

  get progress(): Progress {
    return this.#batch.progress;
  }

  /** Of all uploads together; 0 while nothing moves. */
  get bytesPerSecond(): number {
    return this.#batch.bytesPerSecond;
  }

  /** The uploads to that key. */
  ofKey(key: string): readonly T[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  /** An upload under way that serves such a call as well, which has joined it by now. */
  joined(source: UploadSource, options: UploadOptions): T | undefined {
    for (const upload of this.ofKey(options.key)) if (upload.join(source, options)) return upload;
    return undefined;
  }

  add(upload: T): void {
    if (this.#all.has(upload)) return;
    this.#all.add(upload);
    this.#snapshot = undefined;
    this.#byKey.set(upload.key, (this.#byKey.get(upload.key) ?? new Set()).add(upload));
  }

  /** To be called after every change. One that was removed and goes on again comes back. */
  note(upload: T): void {
    this.#batch.note(upload);
    const state = upload.withoutSize;
    if (!isSettled(state)) {
      this.#settled.delete(upload);
      this.add(upload);
    } else if (this.#all.has(upload)) {
      this.#settled.add(upload);
      if (state.phase === "completed") this.#completed.add(upload);
      this.#trim();
    }
  }

  /** @throws UploadError "invalid-option" for one that is not settled */
  remove(upload: T): void {
    if (!isSettled(upload.state)) {
      throw new UploadError("invalid-option", `"${upload.key}" cannot be removed: it is ${upload.state.phase}`, {
        hint: "Cancel it, or wait for it, first.",
      });
    }
    if (!this.#all.delete(upload)) return;
    this.#snapshot = undefined;
    this.#settled.delete(upload);
    this.#completed.delete(upload);
    this.#batch.letGo(upload);
    const { key } = upload;
    this.#byKey.get(key)?.delete(upload);
    if (this.#byKey.get(key)?.size === 0) this.#byKey.delete(key);
  }

  #trim(): void {
    const [oldest] = this.#settled.size > this.#keepSettled ? this.#completed : [];
    if (oldest !== undefined) this.remove(oldest);
  }
}
