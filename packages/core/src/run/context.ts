/** What a run works with: the world outside it, the settings of the uploader, and what its own steps share. Types only. */

import type { Checkpoints } from "../checkpoint/checkpoint-store.js";
import type { Keeper } from "../keeper/keeper.js";
import type { Line } from "../line.js";
import type { WatchBeforeLeaving } from "../platform/before-leaving.js";
import type { Channels } from "../platform/channels.js";
import type { Clock } from "../platform/clock.js";
import type { LeftMark } from "../platform/left-mark.js";
import type { Locks } from "../platform/locks.js";
import type { PageLife } from "../platform/page-life.js";
import type { Slots } from "../slots.js";
import type { ObjectStore, ObjectTarget } from "../store/object-store.js";
import type { Persist } from "../store/persist.js";
import type { Job } from "../upload/job.js";
import type { ByteWorkers, DigestKinds } from "../workers/byte-workers.js";
import type { Notes } from "./checkpoints/notes.js";
import type { FilesLeft } from "./files-left.js";
import type { HoldersOfPage } from "./holders-of-page.js";
import type { nextPartSize } from "./parts/part-size.js";
import type { Reporter } from "./progress/reporter.js";

/** How much of a file is read to recognise it again. */
export type FingerprintKind = "sampled" | "full";

/** Everything outside a run that it reads or changes; tests replace it. */
export interface World {
  readonly store: ObjectStore;
  /** Repeats what the network failed, as the store repeats its requests. */
  readonly persist: Persist;
  readonly checkpoints: Checkpoints;
  readonly workers: ByteWorkers;
  readonly locks: Locks;
  readonly channels: Channels;
  readonly life: PageLife;
  readonly watchBeforeLeaving: WatchBeforeLeaving;
  /** Has the files of pages that were left. undefined where the app wants none, or no checkpoint outlives the page. */
  readonly keeper: Keeper | undefined;
  readonly leftMark: LeftMark;
  readonly clock: Clock;
  readonly line: Line;
  /** One slot for each upload that may run at the same time. Other uploads are queued. */
  readonly uploadSlots: Slots;
  /** Which of this page's runs hold which lock. */
  readonly holders: HoldersOfPage;
  /** Of this page's queued files. */
  readonly notes: Notes;
  /**
   * True in the worker that goes on after the page: a page that wants an upload is let have it, and what is made is written down for the
   * next page to tell.
   */
  readonly pageless?: boolean | undefined;
  /** What of this page's files the next page may need. */
  readonly files: FilesLeft;
  /** Tells the developer about something that works, but not as well as it could. Says each message once. */
  readonly warn: (message: string) => void;
}

/** A world without what the engine makes itself. */
export type WorldOutside = Omit<World, "notes" | "files">;

/** The options of the uploader, checked and with defaults. */
export interface Settings {
  readonly partSize: number | "auto";
  /** With "auto": what parts are whole numbers of at least, and how large the next one is. */
  readonly unit: number;
  readonly nextPartSize: typeof nextPartSize;
  /** Bytes. undefined: as many as the line carries in a moment, or one part of the size that the app has chosen. */
  readonly singlePutBelow: number | undefined;
  readonly digests: DigestKinds;
  readonly fingerprint: FingerprintKind;
  readonly scope: string;
  /** Number of lanes of one upload. More than the connections, so that the next digest is ready when a connection is free. */
  readonly lanes: number;
  /** The most parts that are sent at the same time. */
  readonly connections: number;
  readonly expireAfterMs: number;
  /** Milliseconds that the file may be silent when it is opened. */
  readonly stallTimeoutMs: number;
  /** False if the app asked for checkpoints in memory only. */
  readonly durable: boolean;
}

/** What the steps of a run share. */
export interface RunContext {
  readonly world: World;
  readonly settings: Settings;
  readonly job: Job;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly file: Blob;
  readonly checkpointId: string;
  /** The target of the job; its content type is taken from the file if the app gave none. */
  readonly target: ObjectTarget;
}
