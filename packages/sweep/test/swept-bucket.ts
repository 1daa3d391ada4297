/** A bucket with unfinished uploads of several ages, on an emulator of its own that ends with the test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type Permission, startEmulator } from "@ossicle/oss-emulator";
import { onTestFinished } from "vitest";
import type { SweepOptions } from "../src/index.js";

export const bucket = "user-files";
export const account = { accessKeyId: "sweeper", accessKeySecret: "secret-of-the-sweeper" };
export const day = 24 * 3_600_000;

export interface SweptBucket {
  readonly emulator: Emulator;
  readonly options: SweepOptions;
  /** Begins an upload so many days ago. @returns its id */
  readonly begin: (key: string, daysAgo: number, parts?: readonly string[]) => Promise<string>;
  /** Keys of all that is unfinished. */
  readonly keys: () => readonly string[];
  /** Starts the emulator anew, with nobody let in but the account, which has these rights. @returns the options for it */
  readonly restrict: (permissions: readonly Permission[]) => Promise<SweepOptions>;
}

export async function sweptBucket(): Promise<SweptBucket> {
  const data = await mkdtemp(join(tmpdir(), "ossicle-sweep-"));
  // Open to everybody, so that what a test sends needs no signature; the sweep signs all the same.
  const buckets = [{ name: bucket, acl: "public-read-write" as const }];
  const emulator = await startEmulator({ data, buckets, accounts: [account] });
  let running = emulator;
  onTestFinished(async () => {
    await running.close();
    await rm(data, { recursive: true });
  });
  const options = { ...account, bucket, region: "cn-hangzhou", olderThanMs: 7 * day, restMs: 1 };
  return {
    emulator,
    options: { ...options, endpoint: emulator.endpoint },
    restrict: async (permissions) => {
      await emulator.close();
      running = await startEmulator({ data, buckets: [bucket], accounts: [{ ...account, permissions }] });
      return { ...options, endpoint: running.endpoint };
    },
    keys: () => emulator.uploads(bucket).map(({ key }) => key),
    begin: async (key, daysAgo, parts = []) => {
      const address = `${emulator.endpoint}/${bucket}/${encodeURIComponent(key)}`;
      emulator.skewClock(-daysAgo * day);
      const begun = await (await fetch(`${address}?uploads`, { method: "POST" })).text();
      emulator.skewClock(0);
      const [, id = ""] = /<UploadId>(\w+)</.exec(begun) ?? [];
      for (const [i, body] of parts.entries()) {
        await fetch(`${address}?partNumber=${i + 1}&uploadId=${id}`, { method: "PUT", body });
      }
      return id;
    },
  };
}
