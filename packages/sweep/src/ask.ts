/** Sends one signed request to the bucket, and asks again where that may help. */
import { setTimeout as rest } from "node:timers/promises";
import { type BucketOptions, baseUrl } from "./place.js";
import { encodeKey, queryString, type RequestToSign, signed } from "./sign.js";

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Of an error document: "NoSuchUpload". */
  readonly code: string | undefined;
}

/** @returns any answer of the service that asking again would not change @throws Error */
export type Ask = (request: RequestToSign) => Promise<Answer>;

const tries = 5;
const timeoutMs = 30_000;

/** @param restMs before the second try; twice as long before each further one @throws TypeError for a place that is none */
export function asking(options: BucketOptions, restMs: number): Ask {
  const base = baseUrl(options);
  return async (request) => {
    for (let left = tries - 1; ; left--) {
      const answer = await send(base, request, options).catch((error: unknown) => {
        if (left > 0) return undefined;
        throw new Error(`${request.method} ${base}: ${reasonOf(error)}`, { cause: error });
      });
      if (answer !== undefined && (left === 0 || !(answer.status >= 500 || answer.status === 429))) return answer;
      await rest(restMs * 2 ** (tries - 1 - left));
    }
  };
}

async function send(base: string, request: RequestToSign, options: BucketOptions): Promise<Answer> {
  const query = queryString(request.query);
  const answer = await fetch(`${base}/${encodeKey(request.key)}?${query}`, {
    method: request.method,
    headers: signed(request, options, new Date()),
    // Following one would send the signature to another host.
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
  const body = await answer.text();
  return { status: answer.status, body, code: element(body, "Code") };
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
  return [message, cause?.code ?? cause?.message].filter((text) => text !== undefined).join(": ");
}

/** @returns the error to throw for an answer that was not hoped for: operation, answer, and what may help */
export function refusal(operation: string, permission: string, { status, code, body }: Answer): Error {
  const id = element(body, "RequestId");
  const named = [status, code, id === undefined ? undefined : `request ${id}`].filter((text) => text !== undefined);
  const help = code === "AccessDenied" ? `. The key needs ${permission}` : "";
  return new Error(`${operation} was answered ${named.join(", ")}${help}`);
}

/** The text of an element whose text has no markup. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<>&]{0,4096}?)\\s*</${name}>`).exec(xml)?.[1];
}
