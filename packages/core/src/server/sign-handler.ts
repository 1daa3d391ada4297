/** The application server's end of `signAt`: a Fetch-API handler for Hono, Next.js, Workers, Deno, Bun, and Node's adapters. */

import type { UploadError } from "../errors.js";
import type { SignableRequest } from "../store/bucket/signable-request.js";
import type { PresignOptions } from "./presign-options.js";
import { refused, statusOf } from "./refusal.js";
import { readSignables } from "./signable.js";
import type { SigningRules } from "./signable-headers.js";
import { readRules, signing } from "./signing.js";

export interface SignHandlerOptions extends PresignOptions {
  /**
   * May the user of this request (its cookies or headers say who; its body is read already) do all of this? What it sees is
   * what is signed: look at `action`, `key` and, where it matters, `headers`, whose names are in lower case. What `allow`
   * names is the page's wish.
   */
  readonly authorize: (request: Request, requests: readonly SignableRequest[]) => Promise<boolean> | boolean;
}

const mostRequests = 100;
const mostBytes = 1024 * 1024;

/**
 * `POST` a JSON batch, get the signed batch. 405 for other methods, 400 for what is not a batch of an upload's requests, 403
 * where `authorize` says no and for another bucket, 413 for more than 1 MiB and for objects beyond `maxBytes`, 502 where the
 * service does not tell how large they are; each with `{ error }`. What `authorize` or `credentials` throw is thrown on.
 *
 * @throws UploadError "invalid-option" for an `allow` or `maxBytes` that makes no sense
 */
export function createSignHandler(options: SignHandlerOptions): (request: Request) => Promise<Response> {
  readRules(options);
  return async (request) => {
    if (request.method !== "POST") return refusal(405, "POST a JSON list of requests to be signed", { allow: "POST" });
    const { rules, readKeys, sign } = signing(options);
    const read = await orRefusal(async () => readBatch(await readBounded(request.body), rules));
    if (read instanceof Response) return read;
    if (!(await options.authorize(request, read))) return refusal(403, "Not allowed to do all of this");
    const keys = await readKeys();
    const signed = await orRefusal(() => sign(read, keys));
    return signed instanceof Response ? signed : answer(200, signed);
  };
}

/** Around our own steps alone: what the app's functions throw is theirs, whatever it looks like. */
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

/**
 * A Content-Length can lie, or be missing: what counts is what comes. What is too much is left unread, not cancelled: Node
 * would close the connection before the answer is out.
 *
 * @throws UploadError "rejected" for a body that breaks off, or is too large
 */
async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch(() => {
      throw refused("the body broke off");
    });
    if (done) break;
    size += value.byteLength;
    if (size > mostBytes) {
      reader.releaseLock();
      throw refused(`more than ${mostBytes} bytes`, "rejected", 413);
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(status, { error }, headers);
}

/** Signed URLs are secrets for as long as they are good: no cache may keep them. */
function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
