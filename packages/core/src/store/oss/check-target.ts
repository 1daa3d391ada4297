/** Refuses options that OSS would refuse or HTTP would change, before anything is read or sent. Pure. */

import type { UploadCallback } from "../../api/object-target.js";
import { invalid, oneOf, record, shown } from "../../invalid-option.js";
import { hasControlCharacter, isPlainHeaderValue } from "../bucket/header-values.js";
import type { ObjectTarget } from "../object-store.js";
import { callbackHeaders, encodeMetadata } from "./encoded-headers.js";
import { isWellFormed, keyProblem } from "./object-key.js";

const maxMetadataBytes = 8 * 1024;
const maxTags = 10;
const maxTagNameBytes = 128;
const maxTagValueBytes = 256;
const minTrafficLimit = 819_200;
const maxTrafficLimit = 838_860_800;
const maxCallbackBytes = 5 * 1024;
const maxCallbackUrls = 5;

/** Takes any value: not every app is type-checked. @throws UploadError "invalid-option" */
type Check = (value: unknown, name: string) => void;

const checks: { readonly [Option in keyof ObjectTarget]-?: Check } = {
  key: checkKey,
  contentType: checkHeaderValue,
  cacheControl: checkHeaderValue,
  contentDisposition: checkHeaderValue,
  contentEncoding: checkHeaderValue,
  expires: checkDate,
  metadata: checkMetadata,
  tags: checkTags,
  acl: choice("default", "private", "public-read", "public-read-write"),
  storageClass: choice("Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"),
  encryption: checkEncryption,
  callback: checkCallback,
  ifExists: choice("replace", "forbid", "skip-identical"),
  trafficLimit: checkTrafficLimit,
};

/** @throws UploadError "invalid-option" that names the option and the problem */
export function checkTarget(target: ObjectTarget): void {
  for (const [name, check] of Object.entries(checks)) {
    const value = target[name as keyof ObjectTarget];
    if (value !== undefined || name === "key") check(value, name);
  }
}

function choice(...allowed: readonly string[]): Check {
  return (value, name) => void oneOf(name, value, allowed);
}

function checkKey(key: unknown): void {
  const problem = keyProblem(key);
  if (problem !== undefined) throw invalid(`key ${problem}`);
}

function checkHeaderValue(value: unknown, name: string): void {
  if (typeof value === "string" && isPlainHeaderValue(value)) return;
  const hint =
    name === "contentDisposition"
      ? "A file name in other letters: attachment; filename*=UTF-8''%E4%B8%AD.txt"
      : undefined;
  throw invalid(`${name} may consist of printable ASCII only, without blanks at its ends`, hint);
}

function checkDate(value: unknown, name: string): void {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw invalid(`${name} is not a date`);
}

function checkMetadata(metadata: unknown): void {
  let total = 0;
  const names = new Set<string>();
  for (const [name, value] of Object.entries(record("metadata", metadata))) {
    const what = `metadata ${JSON.stringify(name)}`;
    // The service refuses any other, `my_key` too (its error 0011-00000004).
    if (!/^[a-z\d-]+$/i.test(name)) throw invalid(`${what} needs a name of letters, digits and hyphens`);
    if (names.has(name.toLowerCase())) throw invalid(`${what} differs from another one in the case of letters alone`);
    names.add(name.toLowerCase());
    const text = textOf(what, value);
    if (hasControlCharacter(text)) throw invalid(`${what} has a control character in its value`);
    total += name.length + encodeMetadata(text).length;
  }
  if (total > maxMetadataBytes) throw invalid(`metadata has ${total} bytes, allowed are ${maxMetadataBytes}`);
}

function checkTags(tags: unknown): void {
  const entries = Object.entries(record("tags", tags));
  if (entries.length > maxTags) throw invalid(`tags are ${entries.length}, allowed are ${maxTags}`);
  for (const [name, value] of entries) {
    const what = `tag ${JSON.stringify(name)}`;
    const nameBytes = byteLength(what, name);
    if (nameBytes === 0 || nameBytes > maxTagNameBytes)
      throw invalid(`${what} needs a name of 1–${maxTagNameBytes} bytes`);
    if (byteLength(what, value) > maxTagValueBytes) throw invalid(`${what} has more than ${maxTagValueBytes} bytes`);
  }
}

function checkEncryption(encryption: unknown): void {
  const { algorithm, kmsKeyId } = record("encryption", encryption);
  oneOf("encryption.algorithm", algorithm, ["AES256", "KMS", "SM4"]);
  if (kmsKeyId === undefined) return;
  if (algorithm !== "KMS") throw invalid('encryption.kmsKeyId needs the algorithm "KMS"');
  checkHeaderValue(kmsKeyId, "encryption.kmsKeyId");
}

function checkTrafficLimit(limit: unknown): void {
  if (Number.isInteger(limit) && Number(limit) >= minTrafficLimit && Number(limit) <= maxTrafficLimit) return;
  throw invalid(`trafficLimit is ${shown(limit)}, allowed are ${minTrafficLimit}–${maxTrafficLimit} bits per second`);
}

function checkCallback(given: unknown): void {
  const { url, body, host, contentType, sni, variables = {} } = record("callback", given);
  const urls = [url].flat();
  if (urls.length === 0 || urls.length > maxCallbackUrls) {
    throw invalid(`callback.url names ${urls.length} servers, allowed are 1–${maxCallbackUrls}`);
  }
  for (const each of urls) {
    // OSS separates several URLs by ";".
    if (typeof each !== "string" || !/^https?:\/\/[!-:<-~]+$/.test(each)) {
      throw invalid(`callback.url ${shown(each)} is not an http or https URL in ASCII without ";"`);
    }
  }
  if (byteLength("callback.body", body) === 0) throw invalid("callback.body is empty");
  if (host !== undefined) textOf("callback.host", host);
  oneOf("callback.contentType", contentType, [undefined, "application/x-www-form-urlencoded", "application/json"]);
  oneOf("callback.sni", sni, [undefined, true, false]);
  for (const [name, value] of Object.entries(record("callback.variables", variables))) {
    const what = `callback variable ${JSON.stringify(name)}`;
    if (!/^[a-z0-9_-]+$/.test(name)) throw invalid(`${what} needs a name of a–z, 0–9, _ and -, without x:`);
    textOf(what, value);
  }
  for (const [header, value] of Object.entries(callbackHeaders(given as UploadCallback))) {
    if (value.length > maxCallbackBytes)
      throw invalid(`callback ${header} would have more than ${maxCallbackBytes} bytes`);
  }
}

function byteLength(what: string, text: unknown): number {
  return new TextEncoder().encode(textOf(what, text)).length;
}

/** @throws UploadError "invalid-option" for anything but text, and for text that UTF-8 cannot encode */
function textOf(what: string, text: unknown): string {
  if (typeof text !== "string") throw invalid(`${what} is ${text === null ? "null" : typeof text}, not text`);
  if (!isWellFormed(text)) throw invalid(`${what} has half of a character (a lone surrogate)`);
  return text;
}
