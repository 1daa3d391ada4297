/** Everything a run touches outside its own memory, and what was decided once for all uploads. Types only. */

import type { UploadSource } from "../api/upload.js";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.js";
import type { Line } from "../line.js";
import type { Clock } from "../platform/clock.js";
import type { Locks } from "../platform/locks.js";
import type { Slots } from "../slots.js";
import type { ObjectStore, StoredPart, UploadId } from "../store/object-store.js";
import type { ByteWorkers, Digest, DigestKinds } from "../workers/byte-workers.js";
import type { Fingerprint, FingerprintKind } from "./fingerprint.js";
import type { OpenedSource } from "./source.js";

export interface World {
  readonly store: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly workers: ByteWorkers;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly line: Line;
  /** Uploads that may run at the same time. The others are queued. */
  readonly places: Slots;
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

/** What one upload of this page knows from one run to the next. A reload forgets it; nothing depends on it but speed. */
export interface Memory {
  readonly source: UploadSource;
  opened: OpenedSource | undefined;
  fingerprint: Fingerprint | undefined;
  /** Of the whole file, where the fingerprint has read all of it. */
  digest: Digest | undefined;
  checkpointId: string | undefined;
  /** The multipart upload that the parts below belong to. */
  uploadId: UploadId | undefined;
  /** Parts whose bytes are known to be those of the open file: sent or digested by this page. */
  readonly proved: Map<number, StoredPart>;
  /** Those of them that this page sent. */
  readonly sent: Set<number>;
  /** When a run last ended, a time surely past by the store's clock: since then others may have gone on with that upload. */
  restingSinceMs: number | undefined;
}

export function newMemory(source: UploadSource): Memory {
  return {
    source,
    opened: undefined,
    fingerprint: undefined,
    digest: undefined,
    checkpointId: undefined,
    uploadId: undefined,
    proved: new Map(),
    sent: new Set(),
    restingSinceMs: undefined,
  };
}
