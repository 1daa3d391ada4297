/** A world between a page and the store that takes its time and fails now and then, by a seed; and which counts what is under way. */
import type { CheckpointStore } from "../../../src/checkpoint/checkpoint-store.js";
import { isUploadError, UploadError } from "../../../src/errors.js";
import type { CallOptions, ObjectStore } from "../../../src/store/object-store.js";
import { persisting, retrying } from "../../../src/store/retrying.js";
import type { ByteWorkers } from "../../../src/workers/byte-workers.js";
import type { ManualClock } from "../../doubles/manual-clock.js";
import { memoryStore } from "../../doubles/memory-store.js";
import type { Universe } from "../../world/page.js";

export interface Shakes {
  readonly random: () => number;
  readonly slowestMs: number;
  /** How many requests fail at most, of all tabs together. */
  faultsLeft: number;
}

/** What a request does at the store, as it reaches it. */
type Effect<T> = (at: ObjectStore, options: CallOptions) => Promise<T>;
type Fate = "fine" | "unsent" | "unanswered" | "forbidden" | "refused" | "rejected";
const fates: readonly Fate[] = ["unsent", "unanswered", "forbidden", "refused", "rejected"];
const policy = { giveUpAfterMs: 3_000, baseDelayMs: 100, maxDelayMs: 1_000 };
const network = { online: () => true, whenOnline: async () => undefined };

export class ShakyWorld {
  /** Requests, reads and writes under way, by name. */
  readonly underWay = new Map<string, number>();
  /** Upload ids that this page was told of. */
  readonly uploadIds = new Set<string>();
  /** Of those: what the library was not able to abort, which it tells the developer. */
  readonly notAbortable = new Set<string>();
  /** Parts that were sent although the page had been told that they are stored. */
  readonly sentTwice: string[] = [];
  readonly #stored = new Set<string>();
  readonly #universe: Universe;
  readonly #clock: ManualClock;
  readonly #shakes: Shakes;
  #mayList = true;
  #isEngineLoaded = false;

  constructor(universe: Universe, clock: ManualClock, shakes: Shakes) {
    this.#universe = universe;
    this.#clock = clock;
    this.#shakes = shakes;
  }

  store(store: ObjectStore): ObjectStore {
    const tools = { clock: this.#clock, network, random: this.#shakes.random };
    const again = retrying(this.#shakyStore(store), persisting(policy, tools));
    return {
      ...again,
      abort: async (upload, options) => {
        try {
          await again.abort(upload, options);
        } catch (error) {
          if (isUploadError(error)) this.notAbortable.add(upload.id);
          throw error;
        }
      },
    };
  }

  /** The first uses wait for it. It is the page's, and loads on when they do not want it any more. */
  async engineLoaded(): Promise<void> {
    if (this.#isEngineLoaded) return;
    await this.#sleep();
    this.#isEngineLoaded = true;
  }

  workers(workers: ByteWorkers): ByteWorkers {
    return {
      ...workers,
      digest: (blob, wanted, options) =>
        this.#counted("digest", async () => {
          await this.#sleep(options.signal);
          return await workers.digest(blob, wanted, options);
        }),
      digestFour: (blobs, wanted, options) =>
        this.#counted("digest", async () => {
          await this.#sleep(options.signal);
          return await workers.digestFour(blobs, wanted, options);
        }),
    };
  }

  checkpoints(store: CheckpointStore): CheckpointStore {
    const access = <T>(name: string, act: () => Promise<T>) =>
      this.#counted(name, async () => {
        await this.#sleep();
        return await act();
      });
    return {
      load: (id) => access("load", () => store.load(id)),
      begin: (id, head) => access("begin", () => store.begin(id, head)),
      addPart: (id, number, part) => access("addPart", () => store.addPart(id, number, part)),
      updateHead: (id, head) => access("updateHead", () => store.updateHead(id, head)),
      remove: (id) => access("remove", () => store.remove(id)),
      list: () => access("list", () => store.list()),
    };
  }

  #shakyStore(store: ObjectStore): ObjectStore {
    const request = <T>(action: string, options: CallOptions, effect: Effect<T>) =>
      this.#request(store, action, options, effect);
    return {
      ...store,
      putObject: (target, body, digest, options) =>
        request("PutObject", options, (at, now) => at.putObject(target, body, digest, now)),
      initiate: async (target, options) => {
        const id = await request("InitiateMultipartUpload", options, (at, now) => at.initiate(target, now));
        this.uploadIds.add(id);
        return id;
      },
      putPart: async (upload, number, slice, digest, options) => {
        const name = `${upload.id} ${number}`;
        if (this.#stored.has(name) && this.#mayList) this.sentTwice.push(name);
        const put = (at: ObjectStore, now: CallOptions) => at.putPart(upload, number, slice, digest, now);
        const part = await request("UploadPart", options, put);
        this.#stored.add(name);
        return part;
      },
      listParts: (upload, options) => request("ListParts", options, (at, now) => at.listParts(upload, now)),
      complete: (upload, parts, finish, options) =>
        request("CompleteMultipartUpload", options, (at, now) =>
          at.complete(upload, parts, finish, { ...options, ...now }),
        ),
      abort: (upload, options) => request("AbortMultipartUpload", options, (at, now) => at.abort(upload, now)),
      head: (key, options) => request("HeadObject", options, (at, now) => at.head(key, now)),
    };
  }

  /** A request that is cut while it is on its way arrives all the same, later, or never. */
  async #request<T>(store: ObjectStore, action: string, options: CallOptions, effect: Effect<T>): Promise<T> {
    return await this.#counted(action, async () => {
      const fate = this.#fate(action);
      const arrivesAnyway = this.#shakes.random() < 0.3;
      try {
        await this.#sleep(options.signal);
      } catch (error) {
        const now = { signal: new AbortController().signal };
        // Past the page, which may be dead by then.
        if (arrivesAnyway) this.#universe.late.push(() => effect(memoryStore(this.#universe.server), now));
        throw error;
      }
      if (fate !== "fine" && fate !== "unanswered") throw failure(fate, action);
      const answer = await effect(store, options);
      if (fate === "unanswered") throw failure(fate, action);
      await this.#sleep(options.signal);
      return answer;
    });
  }

  #fate(action: string): Fate {
    const { random } = this.#shakes;
    if (this.#shakes.faultsLeft === 0 || random() > 0.2) return "fine";
    this.#shakes.faultsLeft -= 1;
    const fate = fates[Math.floor(random() * fates.length)] ?? "fine";
    // Who may not list does not know what is stored.
    if (action === "ListParts" && fate !== "unsent" && fate !== "unanswered") this.#mayList = false;
    return fate;
  }

  async #counted<T>(name: string, act: () => Promise<T>): Promise<T> {
    this.underWay.set(name, (this.underWay.get(name) ?? 0) + 1);
    try {
      return await act();
    } finally {
      const left = (this.underWay.get(name) ?? 0) - 1;
      if (left > 0) this.underWay.set(name, left);
      else this.underWay.delete(name);
    }
  }

  async #sleep(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { random, slowestMs } = this.#shakes;
    const ms = Math.floor((random() * 2 - 1) * slowestMs);
    if (ms > 0) await this.#clock.sleep(ms, signal);
  }
}

function failure(fate: Exclude<Fate, "fine">, action: string): UploadError {
  if (fate === "forbidden") return new UploadError("forbidden", `${action}: 403`, { action, status: 403 });
  if (fate === "refused") return new UploadError("corrupted", `${action}: 400 InvalidDigest`, { action, status: 400 });
  if (fate === "rejected") return new UploadError("rejected", `${action}: 400`, { action, status: 400 });
  return new UploadError("network", `${action}: ${fate}`, { action });
}
