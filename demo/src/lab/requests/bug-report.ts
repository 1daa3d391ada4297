/** The requests as text for a bug report. It has no secrets: traces hold none, and nothing else is added that could. Pure. */
import type { LoggedRequest } from "./request-log.js";

export interface ReportFacts {
  /** Where the bucket is: "https://…/bucket". Query and password are left out of the report. */
  readonly place: string;
  readonly browser: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const columns = ["time (UTC)", "action", "part", "attempt", "bytes", "ms", "status", "error", "request id", "file"];

/** Tab-separated and always in English, because support reads it. @param requests oldest first */
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
    // A file name may hold any character, tabs too.
    JSON.stringify(name),
  ].join("\t");
}

/** An endpoint has no query and no password. If one was entered all the same, it does not get into the report. */
function withoutQuery(place: string): string {
  return place.replace(/[?#].*$/s, "").replace(/\/\/[^/@]*@/, "//");
}
