/** Checks the application server's answer to a page that asked for signatures, before a request is sent with it. Pure. */

import { UploadError } from "../../errors.js";
import { isHeaderName } from "./header-values.js";
import { isForm } from "./is-form.js";
import { timeOf } from "./read-credentials.js";
import type { SignableRequest } from "./signable-request.js";

export interface Signed {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a form; undefined for every other request. */
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly expiresAtMs: number | undefined;
}

/**
 * Compares each URL with its request: in the wrong order, one file would be stored under another's name.
 *
 * @returns as many as there are requests, in their order
 * @throws UploadError "credentials", final, that says what is wrong
 */
export function readSigned(answer: unknown, requests: readonly SignableRequest[]): readonly Signed[] {
  const [first] = requests;
  if (first !== undefined && (!Array.isArray(answer) || answer.length !== requests.length)) {
    const got = Array.isArray(answer) ? `${answer.length}` : typeof answer;
    throw wrongAnswer(first, `expected a list of ${requests.length} signed requests, got ${got}`);
  }
  return requests.map((request, index) => readOne(request, (answer as readonly unknown[])[index]));
}

function readOne(request: SignableRequest, given: unknown): Signed {
  const { url, headers, fields, expiresAt } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const parsed = typeof url === "string" ? parseUrl(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw wrongAnswer(request, "url is not an http(s) URL");
  // `fetch` refuses such a URL, and that would look like a dead network.
  if (parsed.username !== "" || parsed.password !== "")
    throw wrongAnswer(request, "the URL holds a name or a password");
  const form = isForm(request) ? readFields(fields) : undefined;
  const isOfKey = isForm(request) ? form?.key === request.key : decodedPath(parsed).endsWith(`/${request.key}`);
  if (!isOfKey)
    throw wrongAnswer(request, isForm(request) ? "fields are no form of the object" : "the URL is of another object");
  for (const [name, value] of Object.entries(request.query)) {
    if (parsed.searchParams.get(name) !== value) throw wrongAnswer(request, `the URL has another ${name}`);
  }
  const read = readHeaders(headers ?? {});
  if (read === undefined) throw wrongAnswer(request, "headers is not an object of texts that headers can hold");
  const expiresAtMs = expiresAt == null ? undefined : timeOf(expiresAt);
  if (Number.isNaN(expiresAtMs)) throw wrongAnswer(request, "expiresAt is not a date");
  return { url: parsed.href, headers: read, fields: form, expiresAtMs };
}

export function wrongAnswer({ action, query }: SignableRequest, problem: string): UploadError {
  const what = `${action}${query.partNumber === undefined ? "" : ` ${query.partNumber}`}`;
  return new UploadError("credentials", `The signer's answer for ${what} cannot be used: ${problem}`, {
    temporary: false,
    action,
    hint: "`signer` has to answer one { url, headers?, expiresAt? } per request, in the order of the requests.",
  });
}

/**
 * Writes names in lower case, as the page's own are. If a name came in two spellings, XMLHttpRequest would send both values in one header,
 * which has not been signed. SDKs of other languages write "Content-Type".
 *
 * @returns undefined if it is no object of headers
 */
function readHeaders(given: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const entries = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const names = new Set(entries.map(([name]) => name));
  return names.size === entries.length && entries.every(isHeader) ? Object.fromEntries(entries) : undefined;
}

/** @returns undefined if it is no object of texts */
function readFields(given: unknown): Readonly<Record<string, string>> | undefined {
  const fields = Object.entries(Object(given));
  const areTexts = fields.every((field): field is [string, string] => typeof field[1] === "string");
  return areTexts ? Object.fromEntries(fields) : undefined;
}

/** Only printable ASCII: the worker would throw for any other value. */
function isHeader(header: readonly [string, unknown]): header is readonly [string, string] {
  const [name, value] = header;
  return isHeaderName(name) && typeof value === "string" && /^[ -~]*$/.test(value);
}

function parseUrl(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}
