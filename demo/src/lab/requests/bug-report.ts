/** The requests as text for a bug report. A trace has no secret in it, and nothing else is put in that could have one. Pure. */
import type { LoggedRequest } from "./request-log.js";

export interface ReportFacts {
  /** Where the bucket is: "https://…/bucket". */
  readonly place: string;
  readonly browser: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const columns = ["time (UTC)", "action", "part", "attempt", "bytes", "ms", "status", "error", "request id", "file"];

/** @param requests oldest first. English and tab-separated, whoever copies it: it is for the one who reads it. */
export function bugReport(requests: readonly LoggedRequest[], { place, browser, now }: ReportFacts): string {
  return [
    "Ossicle: requests of a page",
    `store: ${withoutQuery(place)}`,
    `browser: ${browser}`,
    `copied: ${new Date(now).toISOString()}`,
    "",
    columns.join("\t"),
    ...requests.map(line),
    "",
  ].join("\n");
}

function line(request: LoggedRequest): string {
  const { startedAt, action, partNumber, attempt, bodyBytes, durationMs, status, error, requestId, name } = request;
  return [
    new Date(startedAt).toISOString().slice(11, 23),
    action,
    partNumber ?? "-",
    attempt,
    bodyBytes,
    Math.round(durationMs),
    status,
    error ?? (status === 0 ? "stopped" : "-"),
    requestId ?? "-",
    // A name may hold anything, a tab as well.
    JSON.stringify(name),
  ].join("\t");
}

/** An endpoint has no query and no password; whatever calls itself one shall not bring any in. */
function withoutQuery(place: string): string {
  return place.replace(/[?#].*$/s, "").replace(/\/\/[^/@]*@/, "//");
}
