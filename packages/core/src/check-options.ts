/** What an app may say to `createUploader`, its defaults, and what is refused at once. Pure. */

import type { UploaderOptions } from "./api/uploader.js";
import { UploadError } from "./errors.js";
import type { StoreLimits } from "./store/object-store.js";
import { checkPartSize } from "./upload/plan.js";
import type { DigestKinds } from "./workers/byte-workers.js";

/** HTTP/1.1 connections that browsers open to one host; HTTP/2 gains nothing from more. */
const mostConnections = 6;
const day = 86_400_000;

const digestsFor: Readonly<Record<NonNullable<UploaderOptions["integrity"]>, DigestKinds>> = {
  "md5+crc64": { md5: true, crc64: true },
  crc64: { md5: false, crc64: true },
  none: { md5: false, crc64: false },
};

/** @throws UploadError "invalid-option" */
export function checkOptions(options: UploaderOptions, limits: StoreLimits) {
  const { retry = {}, workers = {}, checkpoints } = options;
  checkCheckpoints(checkpoints);
  checkWorkerCount(workers.count);
  return {
    retry: {
      giveUpAfterMs: duration("retry.giveUpAfterMs", retry.giveUpAfterMs, 600_000),
      baseDelayMs: duration("retry.baseDelayMs", retry.baseDelayMs, 500),
      maxDelayMs: duration("retry.maxDelayMs", retry.maxDelayMs, 30_000),
      stallTimeoutMs: duration("retry.stallTimeoutMs", retry.stallTimeoutMs, 30_000),
    },
    expireAfterMs: duration("expireAfterMs", options.expireAfterMs, 7 * day),
    connections: checkConcurrency(options.concurrency),
    fixedConnections: typeof options.concurrency === "number",
    digests: checkIntegrity(options.integrity),
    fingerprint: checkFingerprint(options.fingerprint),
    partSize: checkWantedPartSize(options.partSize, limits),
    singlePutBelow: checkSinglePut(options.singlePutBelow, limits.maxPutSize),
    scope: options.scope ?? "",
    keepSettled: checkKeepSettled(options.keepSettled),
    durable: checkpoints !== false,
  };
}

function checkWantedPartSize(option: UploaderOptions["partSize"] = "auto", limits: StoreLimits) {
  return option === "auto" ? option : checkPartSize(option, limits);
}

function checkSinglePut(option: number | undefined, most: number): number | undefined {
  if (option === undefined || (option >= 0 && option <= most)) return option;
  throw invalid(`singlePutBelow is ${option}`, `Pass bytes, from 0 to ${most}.`);
}

export function invalid(problem: string, hint: string): UploadError {
  return new UploadError("invalid-option", problem, { hint });
}

function duration(name: string, option: number | undefined, byDefault: number): number {
  const value = option ?? byDefault;
  if (typeof value === "number" && value >= 0) return value;
  throw invalid(`${name} is ${String(value)}`, "Pass milliseconds, 0 or more.");
}

function checkConcurrency(option: UploaderOptions["concurrency"] = "auto"): number {
  if (option === "auto") return mostConnections;
  if (Number.isInteger(option) && option >= 1) return Math.min(option, mostConnections);
  throw invalid(`concurrency is ${option}`, 'Pass a whole number from 1 to 6, or "auto".');
}

function checkKeepSettled(option = 1_000): number {
  if (typeof option === "number" && option >= 0) return option;
  throw invalid(`keepSettled is ${String(option)}`, "Pass a number of uploads, 0 or more.");
}

function checkIntegrity(option: UploaderOptions["integrity"] = "md5+crc64"): DigestKinds {
  if (Object.hasOwn(digestsFor, option)) return digestsFor[option];
  throw invalid(`integrity is ${String(option)}`, 'Pass "md5+crc64", "crc64" or "none".');
}

function checkFingerprint(option: UploaderOptions["fingerprint"] = "sampled") {
  if (option === "sampled" || option === "full") return option;
  throw invalid(`fingerprint is ${String(option)}`, 'Pass "sampled" or "full".');
}

function checkCheckpoints(option: UploaderOptions["checkpoints"]): void {
  if (option === undefined || option === false) return;
  if (typeof option === "object" && option !== null && "addPart" in option) return;
  throw invalid("checkpoints is not a checkpoint store", "Leave it out, or pass false, or a CheckpointStore.");
}

function checkWorkerCount(option: number | undefined): void {
  if (option === undefined || (Number.isInteger(option) && option >= 1)) return;
  throw invalid(`workers.count is ${option}`, "Pass a whole number from 1.");
}
