/** Reads what all that the server half signs has in common: for how long, and with whose key. */
import { UploadError } from "../errors.js";
import type { ActiveCredentials } from "../store/bucket/read-credentials.js";
import { readOssCredentials } from "../store/oss/oss-credentials.js";
import type { PresignOptions } from "./presign-options.js";

const mostSeconds = 604_800;

/** @throws UploadError "invalid-option" */
export function readSeconds({ expiresInSeconds = 900 }: Pick<PresignOptions, "expiresInSeconds">): number {
  if (Number.isInteger(expiresInSeconds) && expiresInSeconds >= 1 && expiresInSeconds <= mostSeconds) {
    return expiresInSeconds;
  }
  throw new UploadError("invalid-option", `expiresInSeconds is ${expiresInSeconds}; allowed are 1–${mostSeconds}`);
}

/** @throws what the app's function throws; UploadError "invalid-option" if it returns no credentials */
export async function readKeys({ credentials }: Pick<PresignOptions, "credentials">): Promise<ActiveCredentials> {
  const given = typeof credentials === "function" ? await credentials() : credentials;
  return readOssCredentials(given, "invalid-option", "`credentials` of the server half");
}
