/** The endpoint that `signAt` asks: a Fetch-API handler for Hono, Next.js, Workers, Deno, Bun, and adapters for Node. */

import type { UploadError } from "../errors.js";
import type { SignableRequest } from "../store/bucket/signable-request.js";
import { readBody } from "./bounded-body.js";
import type { PresignOptions } from "./presign-options.js";
import { refused, statusOf } from "./refusal.js";
import { readSignables } from "./signable.js";
import type { SigningRules } from "./signable-headers.js";
import { readRules, signing } from "./signing.js";

export interface SignHandlerOptions extends PresignOptions {
  /**
   * Return true if the user of this request may do all of `requests`. Identify the user by cookies or headers; the body has been read
   * already. Exactly `requests` is signed: check `action`, `key` and, if it matters, `headers`, whose names are in lower case. The
   * values of headers that `allow` permits are chosen by the page.
   */
  readonly authorize: (request: Request, requests: readonly SignableRequest[]) => Promise<boolean> | boolean;
}

const mostRequests = 100;
const mostBytes = 1024 * 1024;

/**
 * Makes a handler that takes a batch of requests as JSON by `POST` and answers with the signed batch. It answers 405 to other methods;
 * 400 if the body is not a batch of requests of an upload; 403 if `authorize` returns false, or for another bucket; 413 for a body of
 * more than 1 MiB or an object larger than `maxBytes`; 502 if the service does not list the parts. Each has a body `{ error }`. What
 * `authorize` or `credentials` throw is thrown on.
 *
 * @throws UploadError "invalid-option" for an invalid `allow` or `maxBytes`
 */
export function createSignHandler(options: SignHandlerOptions): (request: Request) => Promise<Response> {
  readRules(options);
  return async (request) => {
    if (request.method !== "POST") return refusal(405, "POST a JSON list of requests to be signed", { allow: "POST" });
    const { rules, readKeys, sign } = signing(options);
    const read = await orRefusal(async () => readBatch(await readBounded(request.body), rules));
    if (read instanceof Response) return read;
    if (!(await options.authorize(request, read))) return refusal(403, "Not allowed to make all of these requests");
    const keys = await readKeys();
    const signed = await orRefusal(() => sign(read, keys));
    return signed instanceof Response ? signed : answer(200, signed);
  };
}

/** Turns a refusal of our own steps into an answer. The app's functions are not called in here: their errors are not ours to answer. */
async function orRefusal<T>(step: () => T | Promise<T>): Promise<T | Response> {
  try {
    return await step();
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined) throw error;
    return refusal(status, (error as UploadError).message);
  }
}

function readBatch(text: string, rules: SigningRules): readonly SignableRequest[] {
  const batch = parsed(text);
  if (Array.isArray(batch) && batch.length > mostRequests) throw refused(`more than ${mostRequests} requests at once`);
  return readSignables(batch, rules);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused("the body is not JSON");
  }
}

/** @throws UploadError "rejected" for a body that breaks off or is too large */
async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const read = await readBody(body, mostBytes);
  if (read === "broke-off") throw refused("the body broke off");
  if (read === "too-large") throw refused(`more than ${mostBytes} bytes`, "rejected", 413);
  return new TextDecoder().decode(read);
}

function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(status, { error }, headers);
}

/** Signed URLs are secrets while they are valid: no cache may keep them. */
function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
