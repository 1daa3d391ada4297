/** A page's connection to a bucket of the emulator. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type CorsRule, defaultCorsRules, type Emulator, type Permission, startEmulator } from "@ossicle/oss-emulator";
import { afterEach, beforeEach } from "vitest";
import type { CallTrace } from "../../../src/api/trace.js";
import type { CallOptions, ObjectStore } from "../../../src/store/object-store.js";
import type { OssStoreOptions } from "../../../src/store/oss/oss-options.js";
import type { StoreUnderTest } from "../../contracts/store-bench.js";
import { inThreadWorkers } from "../../doubles/in-thread-workers.js";
import { ossConnection } from "./connected.js";

export const bucket = "demo";
export const origin = "https://app.example";
export const account = { accessKeyId: "test-key-id", accessKeySecret: "test-key-secret" };

export type Options = Partial<OssStoreOptions>;

export interface Circumstances {
  /** The page's clock. */
  readonly now?: () => number;
  /** The page's origin. undefined: not a page, so every header is readable. */
  readonly origin?: string | undefined;
  readonly online?: () => boolean;
  /** Default: "put". */
  readonly smallFiles?: "post" | "put";
}

export interface EmulatedStore extends StoreUnderTest {
  readonly emulator: Emulator;
  /** Removes headers from those that the CORS rule lets a page read. */
  readonly hide: (...headers: readonly string[]) => void;
  /** Connects another page, with options of its own. */
  readonly connect: (options: Options, circumstances?: Circumstances) => ObjectStore;
}

const permissionFor: Readonly<Record<"list" | "head" | "abort", Permission>> = {
  list: "oss:ListParts",
  head: "oss:GetObject",
  abort: "oss:AbortMultipartUpload",
};
const allPermissions: readonly Permission[] = ["oss:PutObject", ...Object.values(permissionFor)];

export async function emulatedStore(
  options: Options = { credentials: account },
  of: Circumstances = {},
): Promise<EmulatedStore> {
  const data = await mkdtemp(join(tmpdir(), "oss-store-"));
  const emulator = await startEmulator({ data, buckets: [bucket], accounts: [account] });
  const connect = (given: Options, circumstances: Circumstances = {}) => {
    const { now = Date.now, origin: from, online = () => true, smallFiles = "put" } = { origin, ...circumstances };
    const workers = inThreadWorkers(from === undefined ? {} : { origin: from });
    const all = { region: "cn-hangzhou", bucket, endpoint: emulator.endpoint, ...given } as OssStoreOptions;
    return ossConnection(all).connect({ workers, now, online, smallFiles, stallTimeoutMs: 30_000 });
  };
  return {
    emulator,
    connect,
    store: connect(options, of),
    contentOf: async (key) => {
      if (emulator.object(bucket, key) === undefined) return undefined;
      return Uint8Array.from(await buffer(emulator.readObject(bucket, key)));
    },
    openUploads: async (key) =>
      emulator
        .uploads(bucket)
        .filter((upload) => upload.key === key)
        .map((upload) => upload.uploadId),
    forbid: async (...rights) => {
      const taken = rights.map((right) => permissionFor[right]);
      emulator.setPermissions(
        account.accessKeyId,
        allPermissions.filter((permission) => !taken.includes(permission)),
      );
    },
    hide: (...headers) => {
      const hidden = headers.map((header) => header.toLowerCase());
      const without = (rule: CorsRule): CorsRule => ({
        ...rule,
        exposeHeaders: (rule.exposeHeaders ?? []).filter((header) => !hidden.includes(header.toLowerCase())),
      });
      emulator.setCors(bucket, defaultCorsRules.map(without));
    },
    close: async () => {
      await emulator.close();
      await rm(data, { recursive: true });
    },
  };
}

/**
 * Gives each test of a file or a `describe` a bucket of its own. Call it at the beginning of either.
 *
 * @returns the bucket of the current test, options for a page's calls, and the traces that these calls left in this test
 */
export function bucketForEachTest() {
  const world = {} as EmulatedStore;
  const traces: CallTrace[] = [];
  const options: CallOptions = {
    signal: new AbortController().signal,
    onRequest: (trace) => traces.push(trace),
  };
  beforeEach(async () => {
    traces.length = 0;
    Object.assign(world, await emulatedStore());
  });
  afterEach(async () => await world.close());
  return { world, traces, options };
}
