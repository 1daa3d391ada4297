/** Everything a run touches outside its own memory, what was decided once for all uploads, and what its steps share. Types only. */

import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import type { Line } from "../line.js";
import type { Clock } from "../platform/clock.js";
import type { Locks } from "../platform/locks.js";
import type { Slots } from "../slots.js";
import type { ObjectStore, ObjectTarget } from "../store/object-store.js";
import type { Job } from "../upload/job.js";
import type { Reporter } from "../upload/reporter.js";
import type { ByteWorkers, DigestKinds } from "../workers/byte-workers.js";
import type { HoldersOfPage } from "./holders-of-page.js";

/** How a file is recognised again. */
export type FingerprintKind = "sampled" | "full";

export interface World {
  readonly store: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly workers: ByteWorkers;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly line: Line;
  /** Uploads that may run at the same time. The others are queued. */
  readonly places: Slots;
  /** Which of this page's runs hold which lock. */
  readonly holders: HoldersOfPage;
  /** Tells the developer, once, about something that works but not as it should. */
  readonly warn: (message: string) => void;
}

export interface Settings {
  readonly partSize: number | "auto";
  /** undefined: one part. */
  readonly singlePutBelow: number | undefined;
  readonly digests: DigestKinds;
  readonly fingerprint: FingerprintKind;
  readonly scope: string;
  /** Loops that digest and send parts of one upload. More than the connections, so that the next digest is ready. */
  readonly lanes: number;
  /** How many of them send at the same time, at most. */
  readonly connections: number;
  readonly expireAfterMs: number;
  /** Do checkpoints outlive the page at all? */
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
  /** The target with the content type of the file, where the app gave none. */
  readonly target: ObjectTarget;
}
