/** A harmless target for redirects. It stands for a server of somebody else: it accepts every request and knows nothing of OSS. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { MutableEntry, RequestLog } from "../request-log.js";
import type { Patience } from "./patience.js";
import { splitUrl } from "./target.js";

/** Also the key of such requests in the log. No object has it, because keys do not begin with a slash. */
export const elsewherePath = "/_emulator/elsewhere";

export function isElsewhere(request: IncomingMessage): boolean {
  return splitUrl(request.url ?? "").path === elsewherePath;
}

/** Lets every page read the answer, also one whose origin a redirect has made "null". */
function corsHeaders({ headers }: IncomingMessage): Record<string, string> {
  const { origin, "access-control-request-method": method, "access-control-request-headers": names } = headers;
  return {
    "Access-Control-Allow-Origin": origin ?? "*",
    "Access-Control-Expose-Headers": "Content-Type, Content-Length, Date",
    Vary: "Origin",
    // Names the headers, because `*` does not include Authorization.
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

/** Answers 200 with the `body` of the query, and logs the request with `elsewherePath` as its key. */
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
  // As plain text that browsers must not take for anything else: a query must not become a page of this machine.
  response.writeHead(200, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
    ...corsHeaders(request),
  });
  response.end(body);
}
