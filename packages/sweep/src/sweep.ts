/** Looks at all unfinished uploads, and aborts those that are old enough, if that is wanted. */
import { type Ask, asking, refusal } from "./ask.js";
import { storedBytes, type UnfinishedUpload, unfinishedUploads } from "./listing.js";
import type { BucketOptions } from "./place.js";

/** Options of `sweep()`. */
export interface SweepOptions extends BucketOptions {
  /** Only keys that begin with it. Default: "", all. */
  readonly prefix?: string | undefined;
  /** Only uploads that began at least so many milliseconds ago. */
  readonly olderThanMs: number;
  /** Whether to abort them. Default: false. */
  readonly abort?: boolean | undefined;
  /** Told of each upload that is old enough, once; `bytes` is undefined if the key may not list parts. */
  readonly onUpload?: ((upload: UnfinishedUpload, bytes: number | undefined) => void) | undefined;
  /** Milliseconds to rest before a request that failed is sent again. Default: 500, and twice as long each time. */
  readonly restMs?: number | undefined;
  /** Uploads of one listing, 1–1000. Default: 1000. */
  readonly pageSize?: number | undefined;
}

/** What there was, and what has become of it. */
export interface Swept {
  /** Uploads that are old enough. */
  readonly found: number;
  /** Bytes of their parts, as far as they may be listed. */
  readonly bytes: number;
  /** Uploads that are too young. */
  readonly younger: number;
  /** Uploads that are gone now. */
  readonly aborted: number;
}

/** How often an upload is aborted, and the bucket listed: parts that are under way meanwhile may survive an abort. */
const mostRounds = 10;
const atOnce = 8;

/**
 * Needs oss:ListMultipartUploads; oss:ListParts for the bytes; oss:AbortMultipartUpload for `abort`, which goes on until none is
 * left that was old enough at the beginning.
 *
 * @throws TypeError for options that cannot work; Error for what the service refuses, and if something is still left
 */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { bucket, prefix = "", olderThanMs, abort = false, restMs = 500, pageSize, onUpload } = options;
  const ask = asking(options, restMs);
  if (!(olderThanMs >= 0)) throw new TypeError(`olderThanMs is ${olderThanMs}; it is 0 or more`);
  const before = Date.now() - olderThanMs;
  const told = new Set<string>();
  const swept = { found: 0, bytes: 0, younger: 0, aborted: 0 };

  for (let round = 1; ; round++) {
    swept.younger = 0;
    let left = 0;
    let batch: UnfinishedUpload[] = [];
    const work = async () => {
      const sizes = await Promise.all(batch.map((upload) => (told.has(nameOf(upload)) ? 0 : storedBytes(ask, upload))));
      for (const [i, upload] of batch.entries()) {
        if (told.has(nameOf(upload))) continue;
        told.add(nameOf(upload));
        onUpload?.(upload, sizes[i]);
        swept.bytes += sizes[i] ?? 0;
      }
      if (abort) await Promise.all(batch.map((upload) => abortUntilGone(ask, upload)));
      batch = [];
    };
    for await (const upload of unfinishedUploads(ask, bucket, prefix, pageSize)) {
      if (upload.initiatedMs > before) swept.younger++;
      else {
        left++;
        if (batch.push(upload) >= atOnce) await work();
      }
    }
    await work();
    swept.found = told.size;
    if (!abort) return swept;
    if (left === 0) return { ...swept, aborted: swept.found };
    if (round === mostRounds) throw new Error(`${left} uploads are still listed after ${round} rounds of aborting`);
  }
}

const nameOf = ({ key, uploadId }: UnfinishedUpload) => `${uploadId} ${key}`;

/** Aborts again until the service no longer knows the upload: a part that was under way can be stored after the first abort. */
async function abortUntilGone(ask: Ask, { key, uploadId }: UnfinishedUpload): Promise<void> {
  // Without an id the same request would delete the object.
  if (uploadId === "") throw new Error("An upload has no id");
  for (let round = 1; round <= mostRounds; round++) {
    const answer = await ask({ method: "DELETE", key, query: { uploadId } });
    if (answer.status === 404 && answer.code === "NoSuchUpload") return;
    if (answer.status !== 204) throw refusal("AbortMultipartUpload", "oss:AbortMultipartUpload", answer);
  }
  throw new Error(`${uploadId} is still there after ${mostRounds} aborts: something goes on sending its parts`);
}
