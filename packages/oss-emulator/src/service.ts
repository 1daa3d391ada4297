/** What every operation works on: the buckets, the clock and the settings. */
import type { CorsRule } from "./cors.js";
import type { Connections } from "./http/connections.js";
import type { CallbackKey } from "./operations/callback-key.js";
import { refusal } from "./oss-error.js";
import type { BodyDigests } from "./storage/body-digests.js";
import type { BucketStore } from "./storage/bucket-store.js";

/** Who may use a bucket's objects without a signature: nobody, everybody for reading, or everybody for anything. */
export type BucketAcl = "private" | "public-read" | "public-read-write";

export interface Bucket {
  readonly name: string;
  readonly acl: BucketAcl;
  /** Host names of the bucket's own. */
  readonly domains: readonly string[];
  /** Whether its objects are reached by those alone. */
  readonly ownDomainOnly: boolean;
  readonly createdAt: number;
  readonly store: BucketStore;
  readonly digests: BodyDigests;
  cors: readonly CorsRule[];
}

export interface Service {
  readonly region: string;
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly connections: Connections;
  /** The service's clock, milliseconds since the epoch. */
  now(): number;
  /** Whether ListParts gives `HashCrc64ecma`. */
  readonly listPartsCrc: boolean;
  /** Whether the answer to PostObject gives the CRC-64. */
  readonly postObjectCrc: boolean;
  /** Signs what application servers are told. */
  readonly callbackKey: CallbackKey;
  /** Aborted when the emulator closes. */
  readonly closing: AbortSignal;
}

/** @throws OssError `NoSuchBucket` */
export function findBucket(service: Service, name: string | undefined): Bucket {
  const bucket = name === undefined ? undefined : service.buckets.get(name);
  if (bucket === undefined) throw refusal("NoSuchBucket", { extras: { BucketName: name ?? "" } });
  return bucket;
}
