/** What one upload of this page remembers from one run to the next. */
import type { UploadSource } from "../api/upload.js";
import type { StoredPart, UploadId } from "../store/object-store.js";
import type { Digest } from "../workers/byte-workers.js";
import type { OpenedSource } from "./source.js";

declare const brand: unique symbol;
/** The name of a file's content as far as we looked. */
export type Fingerprint = string & { readonly [brand]: "Fingerprint" };

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
