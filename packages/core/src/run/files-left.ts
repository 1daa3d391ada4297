/**
 * The files of this page that the next one may need. They are left with a keeper when the page is left, and let go of when their uploads are
 * over. A page that is not left asks the keeper only whether it is there. Law: crash-only.
 */
import { isUploadError } from "../errors.js";
import type { Keeper, KeptFile } from "../keeper/keeper.js";
import type { WatchBeforeLeaving } from "../platform/before-leaving.js";
import type { Clock } from "../platform/clock.js";
import type { PageLife } from "../platform/page-life.js";
import type { Job } from "../upload/job.js";
import { fileOfSource } from "../upload/source.js";

/** An app may register its service worker while its first file goes up. Each wait is four times as long as the one before. */
const firstWaitMs = 10_000;

interface FilesLeftTools {
  readonly keeper: Keeper;
  readonly life: PageLife;
  readonly watchBeforeLeaving: WatchBeforeLeaving;
  readonly clock: Pick<Clock, "elapsed">;
}

/** One for each page. */
export class FilesLeft {
  readonly #tools: FilesLeftTools;
  /** Uploads of this page that are not over. The app may drop one that has failed. */
  readonly #jobs = new Set<WeakRef<Job>>();
  /** What keepers have given to this page. A second reload needs it again. */
  readonly #taken = new Map<string, Blob>();
  /** Ids under which a keeper may have a file. */
  readonly #left = new Set<string>();
  #unwatch: (() => void) | undefined;
  #unwatchBefore: (() => void) | undefined;
  #looking: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #lookAt = 0;
  #waitMs = firstWaitMs;

  constructor(tools: FilesLeftTools) {
    this.#tools = tools;
  }

  /** An upload of this page begins. @returns what is to be called when it is over, so that its file is not left */
  add(job: Job): () => void {
    const entry = new WeakRef(job);
    this.#jobs.add(entry);
    this.#watch();
    return () => void this.#jobs.delete(entry);
  }

  /** A later page could go on with some upload of this page: is there a keeper for its file? Asked now and then until there is. */
  look(): void {
    const { keeper, clock } = this.#tools;
    if (keeper.isThere || clock.elapsed() < this.#lookAt) return;
    this.#lookAt = clock.elapsed() + this.#waitMs;
    this.#waitMs *= 4;
    this.#looking = keeper.look().then(() => this.#watchBefore());
  }

  /** @returns those of `ids` whose files are kept. Takes a second at most */
  async kept(ids: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
    if (ids.length === 0) return new Map();
    const files = await this.#tools.keeper.kept(ids);
    for (const [id, file] of files) {
      this.#taken.set(id, file);
      this.#left.add(id);
    }
    if (files.size > 0) this.#watch();
    this.#watchBefore();
    return files;
  }

  /** An earlier page has begun an upload of this id: it may have left the file. */
  found(id: string): void {
    this.#left.add(id);
  }

  /** Uploads are completed. What no page can have left, no keeper is told of. */
  completed(ids: readonly (string | undefined)[]): void {
    const left = ids.flatMap((id) => (id !== undefined && this.#left.has(id) ? [id] : []));
    if (left.length > 0) this.release(left);
  }

  /** Nobody goes on with these uploads. */
  release(ids: readonly string[]): void {
    for (const id of ids) {
      this.#taken.delete(id);
      this.#left.delete(id);
    }
    // It never rejects, and nobody waits for it: what does not arrive is let go of in some minutes.
    this.#tools.keeper.release(ids);
  }

  /**
   * The uploader was closed.
   * @param release true: all files of the scope are let go of. false: they are left, as when the page is left
   */
  async close(release: boolean): Promise<void> {
    this.#isClosed = true;
    await this.#looking;
    this.#unwatch?.();
    this.#unwatchBefore?.();
    if (release) await this.#tools.keeper.release();
    else this.#leave();
  }

  #watch(): void {
    this.#unwatch ??= this.#tools.life.watch({ leaving: () => this.#leave(), back: () => undefined });
  }

  /** Only where somebody keeps files: the page is left a moment later for it. */
  #watchBefore(): void {
    if (this.#isClosed || !this.#tools.keeper.isThere) return;
    this.#unwatchBefore ??= this.#tools.watchBeforeLeaving(() => this.#leave());
  }

  /** Called while the page unloads, and before: nothing can be waited for, and it may stay after all. */
  #leave(): void {
    const files = new Map(this.#taken);
    for (const { id, file } of [...this.#jobs].flatMap((entry) => filesOf(entry.deref()))) files.set(id, file);
    for (const id of files.keys()) this.#left.add(id);
    this.#tools.keeper.keep([...files].map(([id, file]) => ({ id, file })));
  }
}

/**
 * The file that a keeper had was edited, moved or deleted meanwhile, or is not the one that it was taken for: the next `pending()` asks the
 * user for it.
 */
export async function forgettingUnreadable<T>(
  reading: Promise<T>,
  ids: readonly string[],
  { files }: { readonly files: FilesLeft },
): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isUploadError(error)) files.release(ids);
    throw error;
  }
}

/** By the ids that a later page would ask for: of the checkpoint, which may not be written yet, and of the note. */
function filesOf(job: Job | undefined): readonly KeptFile[] {
  if (job === undefined || job.isCancelled) return [];
  const { opened, source, checkpointId, note } = job.memory;
  const file = opened?.file ?? fileOfSource(source);
  if (file === undefined) return [];
  return [checkpointId, note?.id].flatMap((id) => (id === undefined ? [] : [{ id, file }]));
}
