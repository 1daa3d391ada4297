/** What OSS would refuse, and what HTTP would mangle, told before anything is read or sent. Pure. */

import type { UploadCallback } from "../../api/upload.js";
import { UploadError } from "../../errors.js";
import type { ObjectTarget } from "../object-store.js";
import { hasControlCharacter } from "./canonical.js";
import { callbackHeaders, encodeMetadata, isPlainHeaderValue } from "./object-headers.js";
import { isWellFormed, keyProblem } from "./object-key.js";

const maxMetadataBytes = 8 * 1024;
const maxTags = 10;
const maxTagNameBytes = 128;
const maxTagValueBytes = 256;
const minTrafficLimit = 819_200;
const maxTrafficLimit = 838_860_800;
const maxCallbackBytes = 5 * 1024;
const maxCallbackUrls = 5;

const choices = {
  acl: ["default", "private", "public-read", "public-read-write"],
  storageClass: ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"],
  ifExists: ["replace", "forbid", "skip-identical"],
} as const;

/** @throws UploadError "invalid-option" that names the option and what is wrong with it */
export function checkTarget(target: ObjectTarget): void {
  checkKey(target.key);
  for (const name of ["contentType", "cacheControl", "contentDisposition", "contentEncoding"] as const) {
    checkHeaderValue(name, target[name]);
  }
  if (target.expires !== undefined && Number.isNaN(target.expires.getTime())) throw invalid("expires", "is not a date");
  checkMetadata(target.metadata ?? {});
  checkTags(target.tags ?? {});
  for (const [name, allowed] of Object.entries(choices)) {
    checkChoice(name, target[name as keyof typeof choices], allowed);
  }
  checkEncryption(target.encryption);
  checkTrafficLimit(target.trafficLimit);
  if (target.callback !== undefined) checkCallback(target.callback);
}

function checkKey(key: unknown): void {
  const problem = keyProblem(key);
  if (problem !== undefined) throw invalid("key", problem);
}

function checkHeaderValue(name: string, value: string | undefined): void {
  if (value === undefined || isPlainHeaderValue(value)) return;
  const hint =
    name === "contentDisposition"
      ? "A file name in other letters: attachment; filename*=UTF-8''%E4%B8%AD.txt"
      : undefined;
  throw invalid(name, "may consist of printable ASCII only, without blanks at its ends", hint);
}

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  let total = 0;
  const names = new Set<string>();
  for (const [name, value] of Object.entries(metadata)) {
    const what = `metadata ${JSON.stringify(name)}`;
    // The service refuses any other, `my_key` too (its error 0011-00000004).
    if (!/^[a-z\d-]+$/i.test(name)) throw invalid(what, "needs a name of letters, digits and hyphens");
    if (names.has(name.toLowerCase())) throw invalid(what, "differs from another one in the case of letters alone");
    names.add(name.toLowerCase());
    byteLength(what, value);
    if (hasControlCharacter(value)) throw invalid(what, "has a control character in its value");
    total += name.length + encodeMetadata(value).length;
  }
  if (total > maxMetadataBytes) throw invalid("metadata", `has ${total} bytes, allowed are ${maxMetadataBytes}`);
}

function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > maxTags) throw invalid("tags", `are ${entries.length}, allowed are ${maxTags}`);
  for (const [name, value] of entries) {
    const what = `tag ${JSON.stringify(name)}`;
    const nameBytes = byteLength(what, name);
    if (nameBytes === 0 || nameBytes > maxTagNameBytes)
      throw invalid(what, `needs a name of 1–${maxTagNameBytes} bytes`);
    if (byteLength(what, value) > maxTagValueBytes) throw invalid(what, `has more than ${maxTagValueBytes} bytes`);
  }
}

function checkChoice(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw invalid(name, `is ${JSON.stringify(value)}, allowed are ${allowed.join(", ")}`);
  }
}

function checkEncryption(encryption: ObjectTarget["encryption"]): void {
  if (encryption === undefined) return;
  checkChoice("encryption.algorithm", encryption.algorithm, ["AES256", "KMS", "SM4"]);
  if (encryption.kmsKeyId === undefined) return;
  if (encryption.algorithm !== "KMS") throw invalid("encryption.kmsKeyId", 'needs the algorithm "KMS"');
  checkHeaderValue("encryption.kmsKeyId", encryption.kmsKeyId);
}

function checkTrafficLimit(limit: number | undefined): void {
  if (limit === undefined) return;
  if (!Number.isInteger(limit) || limit < minTrafficLimit || limit > maxTrafficLimit) {
    throw invalid("trafficLimit", `is ${limit}, allowed are ${minTrafficLimit}–${maxTrafficLimit} bits per second`);
  }
}

function checkCallback(callback: UploadCallback): void {
  const urls = [callback.url].flat();
  if (urls.length === 0 || urls.length > maxCallbackUrls) {
    throw invalid("callback.url", `names ${urls.length} servers, allowed are 1–${maxCallbackUrls}`);
  }
  for (const url of urls) {
    // ";" separates several of them.
    if (!/^https?:\/\/[!-:<-~]+$/.test(url)) {
      throw invalid("callback.url", `${JSON.stringify(url)} is not an http or https URL in ASCII without ";"`);
    }
  }
  if (callback.body === "") throw invalid("callback.body", "is empty");
  checkChoice("callback.contentType", callback.contentType, ["application/x-www-form-urlencoded", "application/json"]);
  for (const name of Object.keys(callback.variables ?? {})) {
    if (!/^[a-z0-9_-]+$/.test(name)) {
      throw invalid(`callback variable ${JSON.stringify(name)}`, "needs a name of a–z, 0–9, _ and -, without x:");
    }
  }
  for (const [header, value] of Object.entries(callbackHeaders(callback))) {
    if (value.length > maxCallbackBytes)
      throw invalid("callback", `${header} would have more than ${maxCallbackBytes} bytes`);
  }
}

/** @throws UploadError for text that has no UTF-8 */
function byteLength(what: string, text: unknown): number {
  if (typeof text !== "string") throw invalid(what, `is ${text === null ? "null" : typeof text}, not text`);
  if (!isWellFormed(text)) throw invalid(what, "has half of a character (a lone surrogate)");
  return new TextEncoder().encode(text).length;
}

function invalid(what: string, problem: string, hint?: string): UploadError {
  return new UploadError("invalid-option", `${what} ${problem}`, { hint });
}
