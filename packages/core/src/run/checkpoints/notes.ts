/**
 * Notes the queued files of this page that have a handle, so that a later page can offer them. A note is written some time after its
 * upload was asked for, under a lock of its own that the page holds while the upload runs, and goes when a head record has taken its
 * place, when the object is proved, or when the upload is cancelled. What stops otherwise leaves it. Laws: crash-only; the checkpoint
 * outlives what it points at.
 */
import type { Checkpoints } from "../../checkpoint/checkpoint-store.js";
import { sealHead } from "../../checkpoint/records.js";
import { isUploadError } from "../../errors.js";
import type { Clock } from "../../platform/clock.js";
import type { Locks } from "../../platform/locks.js";
import type { Note } from "../../queued-note.js";
import { createSlots } from "../../slots.js";
import type { ObjectStore } from "../../store/object-store.js";
import type { Job } from "../../upload/job.js";
import { fileInfo, handleOf, infoOf } from "../../upload/source.js";
import { completesAs } from "../../upload/target.js";
import { makingBy } from "../making.js";
import { checkpointIdOf, lockName } from "./checkpoint-id.js";
import { inTurn } from "./in-turn.js";
import { type Fate, Noting } from "./noting.js";
import { mayReplace } from "./same-note.js";

interface NotesTools {
  readonly store: Pick<ObjectStore, "location" | "moment" | "fixed">;
  readonly checkpoints: Pick<Checkpoints, "begin" | "load" | "remove">;
  readonly locks: Locks;
  readonly clock: Clock;
}

/** One for each page. */
export class Notes {
  readonly #tools: NotesTools;
  readonly #scope: string;
  readonly #durable: boolean;
  readonly #notings = new Map<Job, Noting>();
  readonly #turns = createSlots(1);

  /** @param durable false: nothing is noted */
  constructor(tools: NotesTools, scope: string, durable: boolean) {
    this.#tools = tools;
    this.#scope = scope;
    this.#durable = durable;
  }

  /** Ids of the notes of uploads of this page that are under way. */
  get held(): ReadonlySet<string> {
    return new Set([...this.#notings.values()].map(({ id }) => id));
  }

  /** Keeps a note of an upload while `run` is under way. */
  async during<T>(job: Job, run: () => Promise<T>): Promise<T> {
    const { memory } = job;
    job.isRestKnown = true;
    const id = memory.isBegun ? undefined : await this.#idOf(job);
    if (id === undefined) return await run();
    const { store } = this.#tools;
    const before = memory.note;
    let last = before?.says ?? this.#noteOf(job, false);
    const noting = new Noting(id, this.#tools, this.#turns, {
      record: (paused) => {
        last = this.#noteOf(job, paused);
        memory.note = { id, seen: store.moment(), says: last };
        return sealed(job, last);
      },
      mayReplace: (head) => mayReplace(head, before?.says ?? this.#noteOf(job, false), store.fixed),
    });
    this.#notings.set(job, noting);
    job.onAdopted = () => noting.changed();
    try {
      await noting.start(before !== undefined);
      // Who took the note away was asked for the same, and may have stored the file; or has discarded it, which HEAD does not tell apart.
      if (before !== undefined && noting.isMissing) memory.madeElsewhere ??= makingBy(before.seen, before.says);
      const result = await run();
      await noting.end("removed");
      return result;
    } catch (error) {
      await noting.end(fateAfter(error, job));
      throw error;
    } finally {
      if (this.#notings.get(job) === noting) this.#notings.delete(job);
      memory.note = noting.isThere ? { id, seen: store.moment(), says: last } : undefined;
    }
  }

  /** Notes an upload that was paused, or stopped, before a run of it began: as one that ends at once. */
  async rests(job: Job): Promise<void> {
    const ended = new DOMException("It rests already", "AbortError");
    await this.during(job, () => Promise.reject(ended)).catch((error: unknown) => {
      if (error !== ended) throw error;
    });
  }

  /** A head record of the upload exists: the note goes. */
  async begun(job: Job): Promise<void> {
    const noting = this.#notings.get(job);
    if (noting === undefined) await this.remove(job);
    else await noting.end("removed");
    job.memory.isBegun = true;
  }

  /** @returns the note of an upload as it would be written now, without writing it */
  noteOf(job: Job): unknown {
    return sealed(job, this.#noteOf(job, job.isPaused));
  }

  /** The whole file is about to be sent in one request, `job.memory.put`. Resolves when the note would say so after a power cut. */
  async puts(job: Job): Promise<void> {
    if (job.memory.put?.since() !== undefined) await this.#notings.get(job)?.rewrite();
  }

  /** Removes the note of an upload that rests, this page's or an earlier one's, unless another tab holds it. */
  async remove(job: Job): Promise<void> {
    const id = await this.#idOf(job);
    if (id === undefined) return;
    const { locks, checkpoints, store } = this.#tools;
    const says = job.memory.note?.says ?? this.#noteOf(job, false);
    const removeOwn = async () => {
      const head = (await checkpoints.load(id, "look"))?.head;
      if (head !== undefined && mayReplace(head, says, store.fixed)) await checkpoints.remove(id);
    };
    await inTurn(this.#turns, "high", async () => void (await locks.holdIfFree(lockName(id), removeOwn)));
    job.memory.note = undefined;
  }

  /** @returns undefined for what is not noted: without a handle, a later page could not read it by itself */
  async #idOf(job: Job): Promise<string | undefined> {
    if (!this.#durable) return undefined;
    // An earlier page may have noted it under another name, and a store of the app's own may have left its handle out.
    if (job.memory.note !== undefined) return job.memory.note.id;
    const handle = handleOfJob(job);
    return handle && (await noteIdOf(this.#scope, this.#tools.store.location, job.target.key, handle.name));
  }

  #noteOf(job: Job, paused: boolean): Note {
    const { target } = job;
    return {
      location: this.#tools.store.location,
      scope: this.#scope,
      file: fileOfNote(job, handleOfJob(job)?.name ?? ""),
      target,
      needsCallback: target.callback !== undefined,
      createdAt: this.#tools.clock.now(),
      paused,
      puttingSince: putFor(job)?.(),
    };
  }
}

function sealed(job: Job, note: Note): unknown {
  const { appData } = job;
  const handle = handleOfJob(job);
  return sealHead(note, { ...(handle !== undefined && { handle }), ...(appData !== undefined && { appData }) });
}

/** One file to one key has one note, however often it is picked: what the name of a file cannot tell apart is noted once. */
export async function noteIdOf(scope: string, location: string, key: string, fileName: string): Promise<string> {
  return await checkpointIdOf(scope, location, key, `note ${fileName}`);
}

function handleOfJob({ memory }: Job): FileSystemFileHandle | undefined {
  return memory.opened?.handle ?? handleOf(memory.source);
}

function fileOfNote({ memory: { opened, source } }: Job, name: string): Note["file"] {
  const info = opened === undefined ? fileInfo(source) : infoOf(opened.file);
  return info ?? { name, size: 0, type: "", lastModified: 0 };
}

/** When this file was first sent in one request, by this page or by the one that left the note, if its object would do. */
function putFor({ memory: { put, madeElsewhere }, target }: Job) {
  const made = madeElsewhere ?? put;
  return made !== undefined && completesAs(made, target) ? made.since : undefined;
}

function fateAfter(error: unknown, job: Job): Fate {
  if (job.isCancelled || (isUploadError(error) && !error.resumable)) return "removed";
  if (job.isPaused) return "paused";
  return job.isStopped ? "stopped" : "kept";
}
