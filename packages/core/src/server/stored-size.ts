/** Asks the service how many bytes of a multipart upload are stored. */

import { UploadError } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import type { SigningKeys } from "../store/bucket/read-credentials.js";
import type { OssPlace } from "../store/oss/addressing.js";
import { signV4 } from "../store/oss/sign-v4.js";

export interface Listing {
  readonly place: OssPlace;
  readonly keys: SigningKeys;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
}

export interface UploadToList {
  readonly key: string;
  readonly uploadId: string;
}

interface Page {
  readonly bytes: number;
  /** Where the next page begins; undefined at the end. */
  readonly next: number | undefined;
}

const pageSize = 1000;

/**
 * Sums the sizes of the stored parts, page by page. Stops as soon as the sum exceeds `enough`.
 *
 * @returns bytes; undefined if there is no such upload
 * @throws UploadError "server", temporary, with the status 502, if the service does not list them
 */
export async function storedSize(upload: UploadToList, enough: number, listing: Listing): Promise<number | undefined> {
  let total = 0;
  let after: number | undefined = 0;
  while (after !== undefined && total <= enough) {
    const page = await listPage(upload, after, listing);
    if (page === undefined) return undefined;
    total += page.bytes;
    after = page.next;
  }
  return total;
}

async function listPage(upload: UploadToList, after: number, listing: Listing): Promise<Page | undefined> {
  const { place, keys, fetch, signal } = listing;
  const asked = { uploadId: upload.uploadId, "max-parts": String(pageSize), "encoding-type": "url" };
  const query = after === 0 ? asked : { ...asked, "part-number-marker": String(after) };
  const request = { method: "GET" as const, bucket: place.bucket, key: upload.key, query, headers: {} };
  // Signed in headers, not in the URL: Deno and Bun put the URL into errors of `fetch`, and proxies into logs.
  const headers = await signV4(request, keys, { region: place.region }, Date.now());
  let status: number;
  let body: string;
  try {
    // Following a redirect would send the signature to another host. "manual", because edge runtimes do not know "error".
    const init: RequestInit = { headers, redirect: "manual", signal };
    // orAborted, because the app's own `fetch` may ignore the signal.
    const answer = await orAborted(fetch(place.urlOf(upload.key, query), init), signal);
    status = answer.status;
    body = await orAborted(answer.text(), signal);
  } catch (cause) {
    throw unknown(`was not answered${signal.aborted ? " in time" : ""}`, cause);
  }
  const code = element(body, "Code");
  if (status === 404 && code === "NoSuchUpload") return undefined;
  const page = status === 200 ? readPage(body, after) : undefined;
  if (page !== undefined) return page;
  const hint = status === 403 ? "; the server's key needs oss:ListParts" : "";
  throw unknown(`was answered ${status}${code === undefined ? "" : ` ${code}`}${hint}`);
}

/** @returns undefined if anything is not as documented: an overlooked part would let a larger object pass */
function readPage(xml: string, after: number): Page | undefined {
  const [, content] = /<ListPartsResult[^>]*>([\s\S]*)<\/ListPartsResult>\s*$/.exec(xml) ?? [];
  if (content === undefined) return undefined;
  const parts = [...content.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = ""]) => ({
    number: wholeNumber(element(part, "PartNumber")),
    size: wholeNumber(element(part, "Size")),
  }));
  const isOdd = parts.some(({ number, size }) => number === undefined || size === undefined);
  if (isOdd || parts.length !== content.split("<Part>").length - 1) return undefined;
  const bytes = parts.reduce((sum, { size = 0 }) => sum + size, 0);
  const isTruncated = element(content, "IsTruncated")?.toLowerCase();
  if (isTruncated === "false") return { bytes, next: undefined };
  const next = wholeNumber(element(content, "NextPartNumberMarker")) ?? parts.at(-1)?.number;
  // A marker that does not advance would make us ask for ever.
  return isTruncated === "true" && next !== undefined && next > after ? { bytes, next } : undefined;
}

/** Reads the text of an element. Enough for the elements above, whose texts have no markup. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([\\w-]{1,64})\\s*</${name}>`).exec(xml)?.[1];
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function unknown(problem: string, cause?: unknown): UploadError {
  return new UploadError("server", `ListParts, which maxBytes needs before Complete, ${problem}`, {
    status: 502,
    cause,
  });
}
