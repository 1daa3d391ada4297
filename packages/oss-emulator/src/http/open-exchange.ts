/** Reads a request's line and headers, and enters it in the log. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Action, actionOf } from "../action.js";
import { OssError } from "../oss-error.js";
import type { RequestLog } from "../request-log.js";
import type { Exchange } from "./exchange.js";
import type { Patience } from "./patience.js";
import { type HostNames, parseTarget, Query, type Target } from "./target.js";

/** True for browsers, by their User-Agent. Only they send a request a second time on their own. */
export function isBrowser({ headers }: IncomingMessage): boolean {
  return headers["user-agent"]?.startsWith("Mozilla/") === true;
}

/** Text that a browser's second sending of a request has in common with the first; undefined for other clients. */
export function identityOf(request: IncomingMessage): string | undefined {
  const { method, url, headers } = request;
  if (!isBrowser(request)) return undefined;
  // The content type of a form has its boundary, which is another for each form.
  const ofForm = url?.includes("?") === false && method === "POST" ? headers["content-type"] : undefined;
  return JSON.stringify([method, url, headers.authorization, headers["x-oss-date"], headers.origin, ofForm]);
}

/** @returns an empty target and the error if the URL cannot be read */
function readTarget(request: IncomingMessage, names: HostNames): { target: Target; error?: OssError } {
  const host = request.headers.host ?? "";
  try {
    return { target: parseTarget(request.url ?? "/", host, names) };
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    return {
      target: { bucket: undefined, key: undefined, query: new Query([]), endpointHost: host, isOwnDomain: false },
      error,
    };
  }
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const all = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(all);
}

function partNumber(target: Target): number | undefined {
  const text = target.query.get("partNumber");
  return text === undefined ? undefined : Number(text);
}

function isSigned(headers: Exchange["headers"], { query }: Target): boolean {
  return headers.authorization !== undefined || query.has("x-oss-signature") || query.has("Signature");
}

export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The connection's number, and whether it had carried a request before. */
  readonly connection: { readonly connection: number; readonly isReused: boolean };
  readonly patience: Patience;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
}

/** @returns the exchange, and the error that the request gets if its URL cannot be read */
export function openExchange(
  { request, response, connection, patience, signal }: Arrival,
  log: RequestLog,
  hostNames: HostNames,
): { exchange: Exchange; error: OssError | undefined } {
  const { target, error } = readTarget(request, hostNames);
  const method = request.method ?? "GET";
  const action: Action = error === undefined ? actionOf(method, target) : "Unknown";
  const requestId = randomBytes(12).toString("hex").toUpperCase();
  const headers = plainHeaders(request);
  const { bucket, key, query } = target;
  const entry = log.add({
    at: Date.now(),
    method,
    action,
    bucket,
    key,
    partNumber: partNumber(target),
    uploadId: query.get("uploadId"),
    origin: headers.origin,
    isSigned: isSigned(headers, target),
    requestId,
    ...connection,
  });
  const touch = (): void => log.touch(entry);
  const ofRequest = { request, response, socket: request.socket, signal, patience, startedAt: performance.now() };
  const ofFaults = { bodyPlan: {}, trustsContentMd5: false, hidesMd5: false, hasHiddenMd5: false };
  const exchange: Exchange = {
    ...ofRequest,
    ...ofFaults,
    ...{ method, target, action, headers, requestId, entry, touch },
    hasContinued: false,
    beforeVerify: () => {},
    beforeEffect: async () => {},
  };
  return { exchange, error };
}
