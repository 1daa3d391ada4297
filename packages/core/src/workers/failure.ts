/** Makes an error of what a worker says of a call that failed. Pure. */
import type { Failure } from "@ossicle/worker/contract";
import { UploadError, type UploadErrorCode } from "../errors.js";
import { silentDrive } from "../silent-drive.js";

const codes: Readonly<Record<Failure["kind"], UploadErrorCode>> = {
  network: "network",
  stalled: "stalled",
  unreadable: "file-unreadable",
  silent: "file-unreadable",
  invalid: "invalid-option",
  blocked: "misconfigured",
  // Never shown: only a signal cancels a call, and then its reason is thrown.
  cancelled: "network",
};

const hints: Partial<Record<Failure["kind"], string>> = {
  silent: silentDrive,
  blocked:
    "Allow the store's origin under connect-src in the Content-Security-Policy of the page and of the worker's file",
};

export function toUploadError({ kind, message }: Failure): UploadError {
  return new UploadError(codes[kind], message, { hint: hints[kind] });
}
