/** What an app gives `ossStore()` or the server half for credentials: how OSS, its STS service and ali-oss spell them. Pure. */
import { type ActiveCredentials, type CredentialSpellings, readCredentials } from "../bucket/read-credentials.js";

/** Of this library, of the STS service, of ali-oss. */
const spellings: CredentialSpellings = [
  ["accessKeyId", "AccessKeyId"],
  ["accessKeySecret", "AccessKeySecret"],
  ["securityToken", "SecurityToken", "stsToken"],
];

/**
 * @param what named in the error, which never shows a value
 * @throws UploadError `code`, not temporary
 */
export function readOssCredentials(
  answer: unknown,
  code: "credentials" | "invalid-option",
  what: string,
): ActiveCredentials {
  return readCredentials(spellings, "STS.", answer, code, what);
}
