/** The request log over HTTP: filtered by fields, waited for, or sent as events. */
import type { RequestEntry } from "../request-log.js";
import type { ControlCall } from "./call.js";

const comparable = [
  "method",
  "action",
  "bucket",
  "key",
  "partNumber",
  "uploadId",
  "phase",
  "status",
  "code",
  "fault",
] as const;

/**
 * A filter from a query such as `?action=UploadPart&partNumber=3&phase=answered&after=17&minBodyBytes=1`. An entry has to match all
 * of it. `after` is the id of an earlier entry.
 */
export function entryFilter(query: URLSearchParams): (entry: RequestEntry) => boolean {
  const wanted = comparable.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const after = Number(query.get("after") ?? 0);
  const minBodyBytes = Number(query.get("minBodyBytes") ?? 0);
  return (entry) =>
    entry.id > after &&
    entry.bodyBytes >= minBodyBytes &&
    wanted.every(([name, value]) => String(entry[name] ?? "") === value);
}

/** Long poll: gives the first entry that matches, past or future, or 204 after `timeoutMs` (default: 30,000). */
export async function waitForEntry({ emulator, query, signal }: ControlCall): Promise<RequestEntry | undefined> {
  const timeout = AbortSignal.timeout(Number(query.get("timeoutMs") ?? 30_000));
  try {
    return await emulator.waitForRequest(entryFilter(query), AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (timeout.aborted || signal.aborted) return undefined;
    throw error;
  }
}

/** Server-sent events: sends every entry that matches, when it comes and whenever it changes. */
export async function sendEvents({ emulator, query, response, signal }: ControlCall): Promise<void> {
  const fits = entryFilter(query);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.flushHeaders();
  const stop = emulator.onRequest((entry) => {
    if (fits(entry)) response.write(`data: ${JSON.stringify(entry)}\n\n`);
  });
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  stop();
}
