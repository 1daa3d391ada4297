/** Somewhere harmless to be redirected to: another server of any page's, which takes every request and knows nothing of OSS. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { MutableEntry, RequestLog } from "../request-log.js";
import type { Patience } from "./patience.js";
import { splitUrl } from "./target.js";

/** No object has it as its key: those do not begin with a slash. */
export const elsewherePath = "/_emulator/elsewhere";

export function isElsewhere(request: IncomingMessage): boolean {
  return splitUrl(request.url ?? "").path === elsewherePath;
}

/** Every page may read it, also one whose origin a redirect has made "null". */
function corsHeaders({ headers }: IncomingMessage): Record<string, string> {
  const { origin, "access-control-request-method": method, "access-control-request-headers": names } = headers;
  return {
    "Access-Control-Allow-Origin": origin ?? "*",
    "Access-Control-Expose-Headers": "Content-Type, Content-Length, Date",
    Vary: "Origin",
    // A star would not stand for Authorization.
    ...(method === undefined ? {} : { "Access-Control-Allow-Methods": method }),
    ...(names === undefined ? {} : { "Access-Control-Allow-Headers": names }),
  };
}

function entryOf(log: RequestLog, { method = "GET", headers }: IncomingMessage, connection: number): MutableEntry {
  return log.add({
    at: Date.now(),
    method,
    action: "Unknown",
    bucket: undefined,
    key: elsewherePath,
    partNumber: undefined,
    uploadId: undefined,
    origin: headers.origin,
    isSigned: headers.authorization !== undefined,
    requestId: "",
    connection,
    isReused: false,
  });
}

/** Answers 200 with the query's `body`, and is in the log under `elsewherePath` as its key. */
export async function serveElsewhere(
  log: RequestLog,
  request: IncomingMessage,
  response: ServerResponse,
  connection: number,
  patience: Patience,
): Promise<void> {
  const entry = entryOf(log, request, connection);
  log.touch(entry);
  if (request.headers.expect !== undefined) response.writeContinue();
  try {
    for await (const piece of patience.pieces()) entry.bodyBytes += piece.length;
  } catch {
    entry.phase = "dropped";
    log.touch(entry);
    return;
  }
  const body = new URLSearchParams(splitUrl(request.url ?? "").query).get("body") ?? "";
  entry.status = 200;
  entry.phase = "answered";
  log.touch(entry);
  // Plain, and taken as said: what the query holds must not become a page of this machine.
  response.writeHead(200, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
    ...corsHeaders(request),
  });
  response.end(body);
}
