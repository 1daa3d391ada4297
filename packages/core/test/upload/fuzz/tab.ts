/** One tab of a story: what the app holds there, and how it acts. */
import type { Progress, Upload, UploadOptions, UploadSource } from "../../../src/api/upload.js";
import { isAbortError, isUploadError } from "../../../src/errors.js";
import { isWorking, nothingYet } from "../../../src/upload/state.js";
import type { UploadHandle } from "../../../src/upload/upload-handle.js";
import type { ManualClock } from "../../doubles/manual-clock.js";
import { MemoryFile, seededBytes } from "../../doubles/memory-file.js";
import { picked } from "../../doubles/memory-handle.js";
import { Page, type Universe } from "../../world/page.js";
import { HeldUpload, severalParts } from "./held-upload.js";
import { type Shakes, ShakyWorld } from "./shaky-world.js";
import { type Act, type Reaction, type Story, signalCount } from "./story.js";

const partSize = 10;

/** Two objects of the same content, another content of the same size, one that is sent in one request, and an empty one. */
function cast(): readonly File[] {
  const file = (size: number, seed: number) => new MemoryFile(seededBytes(size, seed), `${seed}-${size}.bin`);
  return [file(35, 1), file(35, 1), file(35, 2), file(8, 3), file(0, 4)];
}

/** Reactions may call each other for ever. */
const mostReactions = 8;

export class Tab {
  readonly page: Page;
  readonly world: ShakyWorld;
  readonly held = new Map<Upload, HeldUpload>();
  /** Calls of the app that have not come back yet. */
  readonly calls = new Map<Promise<unknown>, string>();
  readonly faults: string[] = [];
  /** What the last upload() returned. */
  latest: HeldUpload | undefined;
  /** What the uploader's listeners have last seen. */
  shown: Progress = nothingYet;
  readonly #seen = new Set<Upload>();
  isClosed = false;
  readonly #files = cast();
  /** Two of them came with handles. */
  readonly #sources: readonly UploadSource[] = this.#files.map((file, n) => (n === 1 || n === 3 ? picked(file) : file));
  readonly #signals = Array.from({ length: signalCount }, () => new AbortController());
  readonly #obeying = new Map<AbortSignal, Set<Upload>>();
  readonly #reactions: readonly Reaction[];
  #reacted = 0;
  #leavesWork = false;

  constructor(universe: Universe, clock: ManualClock, shakes: Shakes, story: Story) {
    this.world = new ShakyWorld(universe, clock, shakes);
    this.#reactions = story.reactions;
    this.page = new Page(universe, {
      ...{ partSize, clock, lanes: story.lanes, uploadSlots: story.uploadSlots },
      engine: (engine) => async () => {
        await this.world.engineLoaded();
        return engine;
      },
      settings: { singlePutBelow: severalParts },
      store: (store) => this.world.store(store),
      workers: (workers) => this.world.workers(workers),
      checkpoints: (checkpoints) => this.world.checkpoints(checkpoints),
    });
    this.page.uploader.subscribe(() => this.#look());
  }

  /** The bar of all uploads goes back only for a file that was not there before. */
  #look(): void {
    const { uploads, progress } = this.page.uploader;
    const isMore = uploads.some((upload) => !this.#seen.has(upload));
    for (const upload of uploads) this.#seen.add(upload);
    const { fraction } = this.shown;
    if (!(progress.fraction >= fraction) && !isMore && fraction < 1) {
      this.faults.push(`the bar of all goes from ${fraction} to ${progress.fraction}`);
    }
    this.shown = progress;
  }

  /** No upload is under way, and none of the acts that leave something to do in the background was made. */
  get isIdle(): boolean {
    return !this.#leavesWork && [...this.held.values()].every(({ upload }) => !isWorking(upload.state));
  }

  /** From now on the listeners only listen. */
  calm(): void {
    this.#reacted = mostReactions;
  }

  perform(act: Act): void {
    if (this.page.dead) return;
    switch (act.do) {
      case "upload":
        this.#upload(act.file, { ...act.extra, key: act.key, signal: this.#signal(act.signal) });
        break;
      case "pause":
        this.#withUpload(act.upload, (upload) => this.#call("pause", upload.pause()));
        break;
      case "cancel":
        this.#withUpload(act.upload, (upload) => {
          const held = this.held.get(upload);
          if (held !== undefined && upload.state.phase !== "completed") held.isCancelled = true;
          this.#call("cancel", upload.cancel());
        });
        break;
      case "resume":
        this.#withUpload(act.upload, (upload) => upload.resume());
        break;
      case "remove":
        this.#withUpload(act.upload, (upload) => this.#mayRefuse(() => this.page.uploader.remove(upload)));
        break;
      case "abort":
        this.#abort(act.signal);
        break;
      case "resume-pending":
        this.#call(act.do, this.#resumePending(act.file, act.signal));
        break;
      case "discard-pending":
        this.#call(act.do, this.#discardPending());
        break;
      case "close":
        this.isClosed = true;
        this.#call(act.do, this.#close());
        break;
      case "leave":
        this.page.life.leave();
        break;
      case "come-back":
        this.page.life.comeBack();
        break;
      case "kill":
        // Not an app's to do: the stage takes the page away.
        break;
    }
  }

  async #close(): Promise<void> {
    await this.page.uploader.close();
    for (const held of this.held.values()) held.closed();
  }

  #upload(file: number, options: UploadOptions): void {
    const [source, bytes] = [this.#sources[file] as UploadSource, this.#files[file] as File];
    this.#mayRefuse(() => this.#hold(this.page.uploader.upload(source, options), bytes, options.signal));
  }

  #hold(upload: Upload, source: Blob, signal: AbortSignal | undefined): void {
    if (signal !== undefined) this.#obeying.set(signal, (this.#obeying.get(signal) ?? new Set()).add(upload));
    const known = this.held.get(upload);
    if (known?.isDoomed) this.faults.push("upload() gave one that is being stopped");
    this.latest = known ?? new HeldUpload(upload as UploadHandle, source);
    if (known !== undefined) return;
    const index = this.held.size;
    this.held.set(upload, this.latest);
    upload.subscribe(({ phase }) => {
      for (const reaction of this.#reactions) {
        if (reaction.upload !== index || reaction.phase !== phase || this.#reacted === mostReactions) continue;
        this.#reacted += 1;
        this.perform(reaction.act);
      }
    });
  }

  #abort(count: number): void {
    const controller = this.#signals[count];
    if (controller === undefined) return;
    this.#signals[count] = new AbortController();
    for (const upload of this.#obeying.get(controller.signal) ?? []) this.held.get(upload)?.signalled();
    controller.abort();
  }

  async #resumePending(file: number, signal: number): Promise<void> {
    const pending = await this.page.uploader.pending();
    const entry = pending[file % Math.max(1, pending.length)];
    if (entry === undefined) return;
    const given = this.#signal(signal);
    const byHandle = entry.needs === "nothing" ? this.#files.find(({ name }) => name === entry.file.name) : undefined;
    const source = byHandle ?? (this.#files[file] as File);
    this.#hold(await entry.resume(byHandle ? undefined : source, { signal: given }), source, given);
  }

  async #discardPending(): Promise<void> {
    const [entry] = await this.page.uploader.pending();
    await entry?.discard();
  }

  #withUpload(count: number, act: (upload: Upload) => void): void {
    const uploads = [...this.held.keys()];
    const upload = uploads[count % Math.max(1, uploads.length)];
    if (upload !== undefined) act(upload);
    for (const held of this.held.values()) held.look();
  }

  #signal(count: number): AbortSignal | undefined {
    return this.#signals[count]?.signal;
  }

  /** A call that may be too late, or too early: then it says so with an error of ours. */
  #mayRefuse(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!isUploadError(error) || error.code !== "invalid-option") this.faults.push(`threw ${String(error)}`);
    }
  }

  #call(name: string, call: Promise<unknown>): void {
    this.calls.set(call, name);
    if (name !== "pause" && name !== "close") this.#leavesWork = true;
    const mayReject = name.endsWith("-pending");
    call.then(
      () => this.calls.delete(call),
      (error: unknown) => {
        this.calls.delete(call);
        if (!mayReject || !(isUploadError(error) || isAbortError(error))) {
          this.faults.push(`${name} rejected: ${String(error)}`);
        }
      },
    );
  }
}
