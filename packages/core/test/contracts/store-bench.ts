/** A store under test, a page that uses it, and the bytes to compare both with. */

import { createHash } from "node:crypto";
import { afterEach, beforeEach } from "vitest";
import type { CallTrace } from "../../src/api/trace.js";
import { crc64 } from "../../src/crc64-ecma.js";
import { isUploadError, type UploadError } from "../../src/errors.js";
import type { CallOptions, MultipartUpload, ObjectStore, ObjectTarget, Proof } from "../../src/store/object-store.js";
import type { Digest } from "../../src/workers/byte-workers.js";
import { MemoryBlob, seededBytes } from "../doubles/memory-file.js";
import type { StoreDialect } from "./store-dialect.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** A server and a page's connection to it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** The object at the key as the server has it, read behind the page's back. */
  readonly contentOf: (key: string) => Promise<Uint8Array | undefined>;
  /** Upload ids that the server still holds for the key. */
  readonly openUploads: (key: string) => Promise<readonly string[]>;
  /** Takes rights from the page, all but that to put objects. */
  readonly forbid: (...rights: readonly ("list" | "head" | "abort")[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const key = "目录/a b+c.bin";

/** Fresh for every test. */
export class StoreBench {
  readonly traces: CallTrace[] = [];
  readonly options: CallOptions = {
    signal: new AbortController().signal,
    onRequest: (trace) => this.traces.push(trace),
  };
  readonly dialect: StoreDialect;
  #world: StoreUnderTest | undefined;

  private constructor(dialect: StoreDialect) {
    this.dialect = dialect;
  }

  /** To be called inside `describe`. */
  static forEachTest(dialect: StoreDialect, make: () => Promise<StoreUnderTest>): StoreBench {
    const bench = new StoreBench(dialect);
    beforeEach(async () => {
      bench.traces.length = 0;
      bench.#world = await make();
    });
    afterEach(async () => await bench.world.close());
    return bench;
  }

  get world(): StoreUnderTest {
    return present(this.#world);
  }

  get store(): ObjectStore {
    return this.world.store;
  }

  /** What the store calls these bytes. */
  namesOf(bytes: Bytes) {
    return { etag: this.dialect.etagOf(bytes), crc64: this.dialect.crc64?.of(bytes) };
  }

  /** What it can prove at most. */
  get bestProof(): Proof {
    return this.dialect.crc64 === undefined ? "etag" : "crc64";
  }

  /** The smallest part allowed anywhere but at the end, and a few bytes. */
  fullPart(seed = 1): Bytes {
    return seededBytes(this.store.limits.minPartSize + 7, seed);
  }

  async begin(target: Partial<ObjectTarget> = {}): Promise<MultipartUpload> {
    return { key, id: await this.store.initiate({ key, ...target }, this.options) };
  }

  put(upload: MultipartUpload, number: number, bytes: Bytes, call = this.options) {
    return this.store.putPart(upload, number, new MemoryBlob(bytes), digestOf(bytes), call);
  }

  storeObject(bytes: Bytes, target: Partial<ObjectTarget> = {}) {
    return this.store.putObject({ key, ...target }, new MemoryBlob(bytes), digestOf(bytes), this.options);
  }
}

export function digestOf(bytes: Uint8Array): Digest {
  const md5 = new Uint8Array(createHash("md5").update(bytes).digest());
  return { md5, crc64: crc64(bytes), size: bytes.length };
}

export function undigested(size: number): Digest {
  return { md5: undefined, crc64: undefined, size };
}

/** The failure of a call that has to fail with an `UploadError`. */
export async function failure(call: Promise<unknown>): Promise<UploadError> {
  try {
    await call;
  } catch (error) {
    if (isUploadError(error)) return error;
    throw new Error(`failed with something else than an UploadError: ${error}`, { cause: error });
  }
  throw new Error("did not fail");
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("is missing");
  return value;
}
