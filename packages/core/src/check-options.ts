/** Checks the options of `createUploader` and fills in defaults. Pure. */

import type { UploaderOptions } from "./api/uploader.js";
import { checkPartSize } from "./check-part-size.js";
import { refuseForeignNames } from "./foreign-names.js";
import { checking, invalid, oneOf, record, valid } from "./invalid-option.js";
import type { StoreLimits } from "./store/object-store.js";
import type { StoreConnection } from "./store/store-connection.js";

/** Browsers open at most six HTTP/1.1 connections to one host; over HTTP/2 more than six gain nothing. */
const mostConnections = 6;
const day = 86_400_000;

export type CheckedOptions = ReturnType<typeof checkOptions>;

/** What is left of options when all were read: one that is added and not read does not compile. */
type NothingLeft = Readonly<Record<string, never>>;

/**
 * @returns everything that is used of them later: what an app does with its object then changes nothing
 * @throws UploadError "invalid-option"
 */
export function checkOptions(given: UploaderOptions) {
  return checking("createUploader()", () => {
    record("The options of createUploader()", given);
    const {
      store,
      concurrency = "auto",
      partSize = "auto",
      singlePutBelow,
      smallFiles = "post",
      integrity = "md5+crc64",
      retry = {},
      fingerprint = "sampled",
      checkpoints,
      scope = "",
      expireAfterMs = 7 * day,
      keepFiles = true,
      keepSettled = 1_000,
      workers = {},
      keepAwake = true,
      afterPage = "pause",
      warnBeforeUnload = "when-needed",
      onRequest,
      ...others
    } = given;
    refuseForeignNames("createUploader()", others satisfies NothingLeft);
    const connection = connectionOf(store);
    const { limits } = connection;
    return {
      connection,
      retry: checkRetry(retry),
      fixedConnections: concurrency !== "auto",
      smallFiles: oneOf("smallFiles", smallFiles, ["post", "put"]),
      checkpoints: checkCheckpoints(checkpoints),
      workers: checkWorkers(workers),
      keepAwake: ofType("boolean", "keepAwake", keepAwake),
      keepFiles: ofType("boolean", "keepFiles", keepFiles),
      keepSettled: positive("keepSettled", keepSettled, "a number of uploads"),
      afterPage: oneOf("afterPage", afterPage, ["pause", "finish"]),
      warnBeforeUnload: oneOf("warnBeforeUnload", warnBeforeUnload, ["when-needed", "always", "never"]),
      onRequest: onRequest === undefined ? onRequest : ofType("function", "onRequest", onRequest),
      settings: {
        connections: checkConcurrency(concurrency),
        partSize: partSize === "auto" ? partSize : checkPartSize(partSize, limits),
        singlePutBelow: checkSinglePut(singlePutBelow, limits),
        digests: connection.digests(oneOf("integrity", integrity, ["md5+crc64", "crc64", "none"])),
        fingerprint: oneOf("fingerprint", fingerprint, ["sampled", "full"]),
        scope: ofType("string", "scope", scope),
        expireAfterMs: positive("expireAfterMs", expireAfterMs, "milliseconds"),
        durable: checkpoints !== false,
      },
    };
  });
}

function connectionOf(adapter: unknown): StoreConnection {
  if (hasMethods(adapter, ["connect", "check", "digests", "fixed"])) return adapter as StoreConnection;
  throw invalid("store is not an object store", "Pass store: ossStore({ region, bucket, credentials }).");
}

function checkConcurrency(option: number | "auto"): number {
  if (option === "auto") return mostConnections;
  const isRight = Number.isInteger(option) && option >= 1;
  return Math.min(
    valid(isRight, "concurrency", option, 'Pass a whole number from 1 to 6, or "auto".'),
    mostConnections,
  );
}

function checkSinglePut(option: number | undefined, { maxPutSize }: StoreLimits): number | undefined {
  const isRight = option === undefined || (typeof option === "number" && option >= 0 && option <= maxPutSize);
  return valid(isRight, "singlePutBelow", option, `Pass bytes, from 0 to ${maxPutSize}.`);
}

function checkRetry(retry: NonNullable<UploaderOptions["retry"]>) {
  record("retry", retry);
  const { giveUpAfterMs = 600_000, baseDelayMs = 500, maxDelayMs = 30_000, stallTimeoutMs = 30_000, ...others } = retry;
  others satisfies NothingLeft;
  const checked = { giveUpAfterMs, baseDelayMs, maxDelayMs, stallTimeoutMs };
  for (const [name, value] of Object.entries(checked)) positive(`retry.${name}`, value, "milliseconds");
  return checked;
}

function checkCheckpoints(option: UploaderOptions["checkpoints"]) {
  const methods = ["load", "begin", "addPart", "updateHead", "remove", "list"];
  if (option === undefined || option === false || hasMethods(option, methods)) return option;
  throw invalid("checkpoints is not a checkpoint store", "Leave it out, or pass false, or a CheckpointStore.");
}

function checkWorkers(workers: NonNullable<UploaderOptions["workers"]>) {
  record("workers", workers);
  const { count, create, ...others } = workers;
  others satisfies NothingLeft;
  const isRight = count === undefined || (Number.isInteger(count) && count >= 1);
  valid(isRight, "workers.count", count, "Pass a whole number from 1.");
  return { count, create: create === undefined ? create : ofType("function", "workers.create", create) };
}

function positive(name: string, value: number, what: string): number {
  return valid(typeof value === "number" && value >= 0, name, value, `Pass ${what}, 0 or more.`);
}

function ofType<T>(type: "string" | "boolean" | "function", name: string, value: T): T {
  return valid(typeof value === type, name, value, `Pass a ${type}.`);
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  const methods = Object(value);
  return names.every((name) => typeof methods[name] === "function");
}
