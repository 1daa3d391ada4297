/**
 * The files of this page that the next one may need. They are left with a keeper when the page is left, and let go of when their uploads are
 * over. A page that is not left asks the keeper only whether it is there. Law: crash-only.
 */
import type { Keeper, KeptFile } from "../keeper/keeper.js";
import type { WatchBeforeLeaving } from "../platform/before-leaving.js";
import type { Channels } from "../platform/channels.js";
import type { Clock } from "../platform/clock.js";
import type { LeftMark } from "../platform/left-mark.js";
import type { PageLife } from "../platform/page-life.js";
import type { ObjectStore } from "../store/object-store.js";
import type { Job } from "../upload/job.js";
import { fileOfSource } from "../upload/source.js";
import { isQueued } from "./is-queued.js";
import { makingBy } from "./making.js";

/** What ends sooner needs no keeper. */
const momentMs = 200;
/** An app may register its service worker while its first file goes up. Each wait is four times as long as the one before. */
const firstWaitMs = 10_000;

interface FilesLeftTools {
  readonly keeper: Keeper | undefined;
  readonly life: PageLife;
  readonly watchBeforeLeaving: WatchBeforeLeaving;
  readonly leftMark: LeftMark;
  readonly clock: Clock;
  readonly channels: Pick<Channels, "tell" | "listen">;
}

/** What other pages have to do with the files of this one. */
interface Place {
  readonly store: Pick<ObjectStore, "location" | "moment">;
  readonly scope: string;
}

/** One for each page. */
export class FilesLeft {
  readonly #tools: FilesLeftTools;
  readonly #store: Place["store"];
  /** Where pages tell each other which files are let go of. */
  readonly #released: string;
  readonly #noteOf: (job: Job) => unknown;
  /** Uploads of this page that are not over. The app may drop one that has failed. */
  readonly #jobs = new Set<WeakRef<Job>>();
  /** What keepers have given to this page. A second reload needs it again. */
  readonly #taken = new Map<string, KeptFile>();
  /** Ids under which a keeper may have a file. */
  readonly #left = new Set<string>();
  #unwatch: (() => void) | undefined;
  #unwatchBefore: (() => void) | undefined;
  #unlisten: (() => void) | undefined;
  #looking: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();
  #soon: Promise<void> | undefined;
  /** On the clock of `elapsed()`. */
  #lookAt = Number.POSITIVE_INFINITY;
  #waitMs = firstWaitMs;

  /** @param noteOf the record of an upload that was not begun */
  constructor(tools: FilesLeftTools, { store, scope }: Place, noteOf: (job: Job) => unknown) {
    this.#tools = tools;
    this.#store = store;
    this.#released = `ossicle:released:${scope}`;
    this.#noteOf = noteOf;
  }

  /** Are the files of this page kept when it is left, as far as was found out? */
  get isKept(): boolean {
    return this.#tools.keeper?.isThere === true;
  }

  /** Does a file wait that was not opened, and that no note tells of? */
  get hasQueued(): boolean {
    return [...this.#jobs].some((entry) => isQueued(entry.deref()));
  }

  /** An upload of this page begins. @returns what is to be called when it is over, so that its file is not left */
  add(job: Job): () => void {
    const entry = new WeakRef(job);
    this.#jobs.add(entry);
    const { keeper } = this.#tools;
    if (keeper !== undefined) this.#watch();
    if (keeper?.isThere === false) this.#soon ??= this.#lookSoon();
    return () => void this.#jobs.delete(entry);
  }

  /**
   * Something happens to an upload: is there a keeper for its file? Asked when a later page could go on with it, or it takes longer than a moment;
   * then now and then, until there is one.
   */
  look(isResumable: boolean): void {
    const { keeper, clock } = this.#tools;
    if (isResumable) this.#lookAt = Math.min(this.#lookAt, clock.elapsed());
    if (keeper === undefined || keeper.isThere || clock.elapsed() < this.#lookAt) return;
    this.#lookAt = clock.elapsed() + this.#waitMs;
    this.#waitMs *= 4;
    this.#looking = keeper.look().then(() => this.#watchBefore());
  }

  /** @returns those of `ids` whose files are kept. Takes a second at most */
  async kept(ids: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
    const { keeper } = this.#tools;
    if (ids.length === 0 || keeper === undefined) return new Map();
    const files = await keeper.kept(ids);
    this.#take([...files].map(([id, file]) => ({ id, file })));
    return files;
  }

  /** @returns files that were queued on pages that were left, with their notes. Takes a second at most, and no time where there are none */
  async queued(): Promise<readonly KeptFile[]> {
    const { keeper, leftMark, clock } = this.#tools;
    if (keeper === undefined || !leftMark.isFresh(clock.now())) return [];
    const files = await keeper.queued();
    this.#take(files);
    return files;
  }

  #take(files: readonly KeptFile[]): void {
    for (const file of files) {
      this.#taken.set(file.id, file);
      this.#left.add(file.id);
    }
    if (files.length > 0) this.#watch();
    this.#watchBefore();
    this.#listen();
  }

  /** What another tab has completed or discarded is not to be left again by this one. */
  #listen(): void {
    if (this.#taken.size === 0 || this.#closing.signal.aborted) {
      this.#unlisten?.();
      this.#unlisten = undefined;
      return;
    }
    this.#unlisten ??= this.#tools.channels.listen(this.#released, (ids) => {
      for (const id of JSON.parse(ids) as readonly string[]) this.#taken.delete(id);
      this.#listen();
    });
  }

  /** An earlier page has begun an upload of this id: it may have left the file. */
  found(id: string): void {
    this.#left.add(id);
  }

  /**
   * An upload is completed or cancelled. Of what no page can have left no keeper is told.
   * @param noted the id of its note before it was
   */
  over(job: Job, noted?: string): void {
    const ids = [job.memory.checkpointId, noted, idOfQueued(this.#store.location, job)];
    const left = ids.flatMap((id) => (id !== undefined && this.#left.has(id) ? [id] : []));
    if (left.length > 0) this.release(left);
  }

  /** Nobody goes on with these uploads. */
  release(ids: readonly string[]): void {
    for (const id of ids) {
      this.#taken.delete(id);
      this.#left.delete(id);
    }
    this.#listen();
    if (this.#tools.keeper !== undefined) this.#tools.channels.tell(this.#released, JSON.stringify(ids));
    // It never rejects, and nobody waits for it: what does not arrive is let go of in some minutes.
    this.#tools.keeper?.release(ids);
  }

  /**
   * The uploader was closed.
   * @param release true: all files of the scope are let go of. false: they are left, as when the page is left
   */
  async close(release: boolean): Promise<void> {
    this.#closing.abort();
    await this.#soon;
    await this.#looking;
    this.#unwatch?.();
    this.#unwatchBefore?.();
    this.#listen();
    if (release) await this.#tools.keeper?.release();
    else this.#leave();
  }

  async #lookSoon(): Promise<void> {
    try {
      await this.#tools.clock.sleep(momentMs, this.#closing.signal);
    } catch {
      return; // Closed: a sleep has no other way to fail.
    }
    this.#soon = undefined;
    if (this.#jobs.size > 0) this.look(true);
  }

  #watch(): void {
    this.#unwatch ??= this.#tools.life.watch({ leaving: () => this.#leave(), back: () => undefined });
  }

  /** Only where somebody keeps files: the page is left a moment later for it. */
  #watchBefore(): void {
    if (this.#closing.signal.aborted || !this.isKept) return;
    this.#unwatchBefore ??= this.#tools.watchBeforeLeaving(() => this.#leave());
  }

  /** Called while the page unloads, and before: nothing can be waited for, and it may stay after all. */
  #leave(): void {
    const { keeper, leftMark, clock } = this.#tools;
    if (!keeper?.isThere) return;
    const files = new Map(this.#taken);
    for (const file of [...this.#jobs].flatMap((entry) => this.#filesOf(entry.deref()))) files.set(file.id, file);
    for (const id of files.keys()) this.#left.add(id);
    const all = [...files.values()];
    keeper.keep(all);
    if (all.some(({ note }) => note !== undefined)) leftMark.set(clock.now());
  }

  /** By the id that a later page will ask for: of the checkpoint, or of its note. What has neither brings its note along. */
  #filesOf(job: Job | undefined): readonly KeptFile[] {
    if (job === undefined || job.isCancelled) return [];
    const { opened, source, checkpointId, note, isBegun } = job.memory;
    const file = opened?.file ?? fileOfSource(source);
    if (file === undefined) return [];
    const known = isBegun ? checkpointId : note?.id;
    if (known !== undefined) return [{ id: known, file }];
    // This page may stay, or come back, while another one goes on with the file.
    if (job.memory.put === undefined) job.memory.madeElsewhere ??= makingBy(this.#store.moment(), job);
    return [{ id: idOfQueued(this.#store.location, job), file, note: this.#noteOf(job) }];
  }
}

/** The same on every page that has the file in its queue. @param location the store's */
export function idOfQueued(location: string, { file, target }: Job): string {
  return JSON.stringify([location, target.key, file?.name, file?.size, file?.lastModified]);
}
