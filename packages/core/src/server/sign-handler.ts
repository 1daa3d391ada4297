/** The application server's end of `signAt`: a Fetch-API handler for Hono, Next.js, Workers, Deno, Bun, and Node's adapters. */
import { isUploadError, UploadError } from "../errors.js";
import type { SignableRequest } from "../store/oss/oss-options.js";
import { type PresignOptions, presign } from "./presign.js";
import { readSignable } from "./signable.js";

export interface SignHandlerOptions extends PresignOptions {
  /**
   * May the user of this request (its cookies or headers say who; its body is read already) do all of this? Look at `action`,
   * `key` and, where it matters, `headers`: ACL, callback and storage class are the page's wish.
   */
  readonly authorize: (request: Request, requests: readonly SignableRequest[]) => Promise<boolean> | boolean;
}

const mostRequests = 100;
const mostBytes = 1024 * 1024;

/**
 * `POST` a JSON batch, get the signed batch. 405 for other methods, 400 for what is not a batch of an upload's requests, 403
 * where `authorize` says no, 413 for more than 1 MiB; each with `{ error }`. What `authorize` or `credentials` throw is thrown on.
 */
export function createSignHandler(options: SignHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "POST") return refusal(405, "POST a JSON list of requests to be signed", { allow: "POST" });
    const text = await readBounded(request);
    if (text === undefined) return refusal(413, `More than ${mostBytes} bytes`);
    try {
      const requests = readBatch(text);
      if (!(await options.authorize(request, requests))) return refusal(403, "Not allowed to do all of this");
      return answer(200, await presign(requests, options));
    } catch (error) {
      if (isUploadError(error) && error.code === "rejected") return refusal(400, error.message);
      if (isUploadError(error) && error.code === "forbidden") return refusal(403, error.message);
      throw error;
    }
  };
}

function readBatch(text: string): readonly SignableRequest[] {
  const batch = parsed(text);
  if (!Array.isArray(batch)) throw new UploadError("rejected", "The body is not a JSON list");
  if (batch.length > mostRequests) throw new UploadError("rejected", `More than ${mostRequests} requests at once`);
  return batch.map(readSignable);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UploadError("rejected", "The body is not JSON", { cause });
  }
}

/** A Content-Length can lie, or be missing: what counts is what comes. */
async function readBounded(request: Request): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > mostBytes) {
      await reader.cancel();
      return undefined;
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
