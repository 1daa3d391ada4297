/** A page that can be killed before or after any of its interactions with the world. */
import { createHash } from "node:crypto";
import { vi } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { checkUploadOptions } from "../../src/check-upload-options.js";
import type { CheckpointStore, Checkpoints } from "../../src/checkpoint/checkpoint-store.js";
import type { Keeper } from "../../src/keeper/keeper.js";
import { Line } from "../../src/line.js";
import type { Channels } from "../../src/platform/channels.js";
import type { LeftMark } from "../../src/platform/left-mark.js";

import type { Settings, WorldOutside } from "../../src/run/context.js";
import { HoldersOfPage } from "../../src/run/holders-of-page.js";
import { isOf, lettingGo } from "../../src/run/pageless.js";
import { nextPartSize } from "../../src/run/parts/part-size.js";
import { smallestUnit } from "../../src/run/parts/unit.js";
import { engineOf } from "../../src/run/run-engine.js";
import { createSlots } from "../../src/slots.js";
import { ConnectionCount } from "../../src/store/connection-count.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { persisting } from "../../src/store/retrying.js";
import type { Engine, LoadEngine } from "../../src/upload/engine.js";
import type { Job } from "../../src/upload/job.js";
import type { UploadHandle } from "../../src/upload/upload-handle.js";
import { type Activity, UploaderHandle } from "../../src/upload/uploader-handle.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { HeldPageLife } from "../doubles/held-page-life.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { ChannelTable } from "../doubles/memory-channels.js";
import { LockTable } from "../doubles/memory-locks.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";
import { memoryWorkers } from "../doubles/memory-workers.js";
import { Disk } from "./disk.js";

class MemoryMark implements LeftMark {
  #at = Number.NEGATIVE_INFINITY;

  set(now: number): void {
    this.#at = now;
  }

  isFresh(now: number): boolean {
    return now - this.#at <= 300_000;
  }
}

/** What several pages, one after the other, have in common. */
export class Universe {
  readonly server = new MemoryServer();
  readonly disk = new Disk();
  readonly locks = new LockTable();
  readonly channels = new ChannelTable();
  readonly leftMark = new MemoryMark();
  /** Requests of a dead page that are still on their way. */
  readonly late: (() => Promise<unknown>)[] = [];
  /** Every interaction of every page, in order, by name. */
  readonly log: string[] = [];

  async landLate(): Promise<void> {
    for (const request of this.late.splice(0)) await request().catch(() => undefined);
  }
}

export interface Death {
  /** Which interaction, counted from 1. */
  readonly at: number;
  /** "before": it never leaves. "after": its effect happens, its answer is not seen. "underway": it is on its way. */
  readonly when: "before" | "after" | "underway";
  /** What becomes of the requests that are on their way. */
  readonly requests: "late" | "lost";
  readonly loseLastWrite: boolean;
}

export interface PageOptions {
  readonly partSize: number | "auto";
  readonly lanes: number;
  readonly death?: Death | undefined;
  /** Requests of an earlier page land when this one has had so many interactions. */
  readonly lateAfter?: number;
  readonly settings?: Partial<Settings>;
  /** Default: one of its own. */
  readonly clock?: ManualClock;
  /** Default: 1,000. */
  readonly keepSettled?: number;
  /** How many uploads run at the same time. Default: 6. */
  readonly uploadSlots?: number;
  /** Puts something between the page and its store. */
  readonly store?: (store: ObjectStore) => ObjectStore;
  /** Puts something between the page and the loading of its engine. */
  readonly engine?: (engine: Engine) => LoadEngine;
  /** Called before each interaction with its number, counted from 1; it waits for it. */
  readonly onInteraction?: (number: number) => Promise<void>;
  /** It is no page, but what goes on after one. Default: a page. */
  readonly pageless?: boolean;
  /** Would what is under way go on, if the page was left now? Default: no. */
  readonly goesOn?: boolean;
  /** Does the browser say that it is online? Default: yes. */
  readonly online?: () => boolean;
  /** Puts something between the page and its workers. */
  readonly workers?: (workers: ByteWorkers) => ByteWorkers;
  /** Has the files of pages that were left. Default: nobody. */
  readonly keeper?: Keeper;
  /** Puts something between the page and its checkpoints. */
  readonly checkpoints?: (checkpoints: CheckpointStore) => Checkpoints;
}

// In Node WebCrypto answers from another thread, which a busy machine may starve: then "nothing else can happen" would be a
// question of time. Everything in this world happens on one thread.
vi.spyOn(crypto.subtle, "digest").mockImplementation(async (_algorithm, data) => {
  const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;
  return Uint8Array.from(createHash("sha256").update(new Uint8Array(bytes)).digest()).buffer;
});

/** Turns of the event loop without any interaction after which a page hangs. The slowest story needs a few hundred. */
const endlessTurns = 2_000_000;

const retry = { giveUpAfterMs: 600_000, baseDelayMs: 500, maxDelayMs: 30_000 };
const same = <T>(thing: T): T => thing;
const never = <T>() => new Promise<T>(() => undefined);

export class Page {
  readonly clock: ManualClock;
  readonly life = new HeldPageLife();
  readonly uploader: UploaderHandle;
  readonly warnings: string[] = [];
  /** A test changes in them what the line decides. */
  readonly settings: { -readonly [Name in keyof Settings]: Settings[Name] };
  /** As it was last published. */
  activity: Activity = { moving: false, losable: false };
  /** The engine's: is what is under way safe when the page is left? */
  readonly goesOn: () => boolean;
  /** What may go on when the page was left. */
  readonly left: Job[] = [];
  dead = false;
  interactions = 0;
  readonly #universe: Universe;
  readonly #options: PageOptions;

  constructor(universe: Universe, options: PageOptions) {
    this.#universe = universe;
    this.#options = options;
    this.clock = options.clock ?? new ManualClock();
    const { online = () => true } = options;
    const locks = universe.locks.for(this);
    const channels: Channels = {
      listen: (...asked) => universe.channels.listen(...asked),
      keepOpen: () => universe.channels.keepOpen(),
      tell: (...told) => {
        if (!this.dead) universe.channels.tell(...told);
      },
    };
    const world: WorldOutside = {
      store: (options.store ?? same)(this.#mortalStore(memoryStore(universe.server))),
      persist: persisting(retry, { clock: this.clock, network: { online, whenOnline: never }, random: () => 0.5 }),
      checkpoints: (options.checkpoints ?? same)(this.#mortalCheckpoints(universe.disk.checkpoints)),
      workers: (options.workers ?? same)(memoryWorkers()),
      locks: options.pageless ? lettingGo(locks, channels, (lock) => this.#letGo(lock)) : locks,
      channels,
      pageless: options.pageless,
      life: this.life,
      watchBeforeLeaving: (leaving) => this.life.watchBefore(leaving),
      keeper: options.keeper,
      leftMark: universe.leftMark,
      clock: this.clock,
      line: new Line(() => this.clock.elapsed(), new ConnectionCount(options.lanes, { isFixed: true })),
      uploadSlots: createSlots(options.uploadSlots ?? 6),
      holders: new HoldersOfPage(),
      warn: (message) => void this.warnings.push(message),
    };
    const settings: Page["settings"] = {
      partSize: options.partSize,
      unit: smallestUnit,
      nextPartSize,
      singlePutBelow: 0,
      digests: { md5: true, crc64: true },
      fingerprint: "sampled",
      scope: "",
      lanes: options.lanes,
      connections: options.lanes,
      expireAfterMs: Number.POSITIVE_INFINITY,
      stallTimeoutMs: 30_000,
      durable: true,
      ...options.settings,
    };
    this.settings = settings;
    const engine = engineOf(world, settings, {
      diagnose: () => Promise.reject(new Error("This page has no browser to look at")),
      leaves: () => undefined,
      goesOn: () => options.goesOn === true,
      close: () => undefined,
    });
    this.goesOn = () => engine.goesOn();
    this.uploader = new UploaderHandle({
      engine: options.engine === undefined ? async () => engine : options.engine(engine),
      retry,
      online,
      clock: this.clock,
      life: this.life,
      durable: settings.durable,
      keepSettled: options.keepSettled ?? 1_000,
      warn: world.warn,
      check: (given) => checkUploadOptions(given, (target) => world.store.check(target)),
      fixed: (target) => world.store.fixed(target),
      urlOf: (key) => world.store.urlOf?.(key) ?? "",
      onRequest: undefined,
      onActivity: (activity) => {
        this.activity = activity;
      },
      onLeave: (left) => void this.left.push(...left),
      onClose: (releaseFiles) => engine.close(releaseFiles),
    });
  }

  #letGo(lock: string): void {
    for (const upload of this.uploader.uploads as readonly Upload[] as readonly UploadHandle[]) {
      if (isOf(lock, upload)) upload.leave();
    }
  }

  /** The browser takes the page away, with everything it had under way. */
  async kill(): Promise<void> {
    this.dead = true;
    await this.#bury();
  }

  /** Runs until `done` settles or the page dies. Time passes only when nothing else can happen. */
  async live<T>(done: Promise<T>): Promise<T | "dead"> {
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
    done.then(
      (value) => {
        outcome = { value };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    for (let idle = 0; outcome === undefined && !this.dead; idle += 1) {
      const before = this.interactions;
      await new Promise(setImmediate);
      if (this.interactions !== before) idle = 0;
      if (idle > 20) {
        if (idle > endlessTurns)
          throw new Error(`Nothing happens any more after: ${this.#universe.log.slice(-8).join(", ")}`);
        this.clock.advanceToNext();
      }
    }
    if (outcome === undefined) return await this.#bury();
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  async #bury(): Promise<"dead"> {
    await new Promise(setImmediate);
    this.#universe.locks.died(this);
    if (this.#options.death?.loseLastWrite) await this.#universe.disk.loseLastWrite();
    return "dead";
  }

  async #interact<T>(name: string, isRequest: boolean, effect: () => Promise<T>): Promise<T> {
    if (this.dead) return await never();
    const { death, lateAfter } = this.#options;
    const number = ++this.interactions;
    if (this.#options.onInteraction !== undefined) await this.#options.onInteraction(number);
    const fatal = death?.at === number ? death.when : undefined;
    if (fatal === "before") return await this.#die();
    if (number === lateAfter) await this.#universe.landLate();
    if (fatal === "underway") this.dead = true;
    await null;
    if (this.dead) {
      if (isRequest && death?.requests === "late") this.#universe.late.push(effect);
      return await never();
    }
    this.#universe.log.push(name);
    try {
      return await effect();
    } finally {
      if (fatal === "after") this.dead = true;
      if (this.dead) await never();
    }
  }

  async #die<T>(): Promise<T> {
    this.dead = true;
    return await never();
  }

  #mortalStore(store: ObjectStore): ObjectStore {
    const request = <T>(name: string, effect: () => Promise<T>) => this.#interact(name, true, effect);
    return {
      ...store,
      putObject: (...call) => request("putObject", () => store.putObject(...call)),
      initiate: (...call) => request("initiate", () => store.initiate(...call)),
      putPart: (...call) => request(`putPart ${call[1]}`, () => store.putPart(...call)),
      listParts: (...call) => request("listParts", () => store.listParts(...call)),
      complete: (...call) => request("complete", () => store.complete(...call)),
      abort: (...call) => request("abort", () => store.abort(...call)),
      head: (...call) => request("head", () => store.head(...call)),
    };
  }

  #mortalCheckpoints(checkpoints: CheckpointStore): CheckpointStore {
    const access = <T>(name: string, effect: () => Promise<T>) => this.#interact(name, false, effect);
    return {
      load: (id) => access("load", () => checkpoints.load(id)),
      begin: (id, head) => access("begin", () => checkpoints.begin(id, head)),
      addPart: (id, number, part) => access(`addPart ${number}`, () => checkpoints.addPart(id, number, part)),
      updateHead: (id, head) => access("updateHead", () => checkpoints.updateHead(id, head)),
      remove: (id) => access("remove", () => checkpoints.remove(id)),
      list: () => access("list", () => checkpoints.list()),
    };
  }
}
