/** Reads credentials for `ossStore()` and the server half, in the spellings of this library, the STS service and ali-oss. Pure. */
import { type ActiveCredentials, type CredentialSpellings, readCredentials } from "../bucket/read-credentials.js";

/** Each in the order: this library, the STS service, ali-oss. */
const spellings: CredentialSpellings = [
  ["accessKeyId", "AccessKeyId"],
  ["accessKeySecret", "AccessKeySecret"],
  ["securityToken", "SecurityToken", "stsToken"],
];

/**
 * @param what the subject of the error's message, which never shows a value
 * @throws UploadError `code`, not temporary
 */
export function readOssCredentials(
  answer: unknown,
  code: "credentials" | "invalid-option",
  what: string,
): ActiveCredentials {
  return readCredentials(spellings, "STS.", answer, code, what);
}
