/** The request log over HTTP: picked out by fields, waited for, or told as it happens. */
import type { RequestEntry } from "../request-log.js";
import type { Call } from "./call.js";

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

/** `?action=UploadPart&partNumber=3&phase=answered&after=17&minBodyBytes=1`: all must hold. `after` is an entry's id. */
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

/** Long poll: the first entry that fits, past or future; nothing (204) after `timeoutMs`, by default 30 s. */
export async function waitForEntry({ emulator, query, signal }: Call): Promise<RequestEntry | undefined> {
  const timeout = AbortSignal.timeout(Number(query.get("timeoutMs") ?? 30_000));
  try {
    return await emulator.waitForRequest(entryFilter(query), AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (timeout.aborted || signal.aborted) return undefined;
    throw error;
  }
}

/** Server-sent events: every entry that fits, when it comes and whenever it changes. */
export async function sendEvents({ emulator, query, response, signal }: Call): Promise<void> {
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
