/** The requests as a table, newest first. A new request adds a row; the other rows are not drawn again. */
import { element } from "@ossicle/elements/dom/element.js";
import { grouped } from "@ossicle/elements/words/count.js";
import { worded } from "../../elements/element.js";
import { words } from "../../words/language.js";
import { isFailed, type LoggedRequest } from "./request-log.js";

export interface RequestTable {
  readonly element: HTMLElement;
  /** Adds rows for new requests and removes the oldest rows beyond their number. @param requests oldest first */
  draw(requests: readonly LoggedRequest[]): void;
  /** Removes all rows. Call it when the filter or the language has changed; the next `draw` makes them anew. */
  forget(): void;
}

const columns = ["when", "file", "action", "part", "attempt", "bytes", "ms", "status", "requestId"] as const;

/** Table roles instead of table elements, because on a phone CSS lays each row out in two lines. */
export function createRequestTable(): RequestTable {
  const body = element("div", { role: "rowgroup", class: "requests-body" });
  const head = element(
    "div",
    { role: "row", class: "request request-head" },
    ...columns.map((name) => worded("span", `requests.${name}`, { role: "columnheader", class: `request-${name}` })),
  );
  const table = element(
    "div",
    { role: "table", class: "requests-table", "data-testid": "requests-table" },
    element("div", { role: "rowgroup", class: "requests-head" }, head),
    body,
  );
  let newest = 0;

  return {
    element: table,
    draw(requests) {
      const rows = requests.filter(({ number }) => number > newest).map(row);
      body.prepend(...rows.reverse());
      while (body.childElementCount > requests.length) body.lastElementChild?.remove();
      newest = requests.at(-1)?.number ?? newest;
    },
    forget() {
      newest = 0;
      body.replaceChildren();
    },
  };
}

function row(request: LoggedRequest): HTMLElement {
  const { startedAt, name, action, partNumber, attempt, bodyBytes, durationMs, requestId } = request;
  const texts: Readonly<Record<(typeof columns)[number], string>> = {
    when: timeOf(startedAt),
    file: name,
    action,
    part: partNumber === null ? "" : String(partNumber),
    attempt: String(attempt),
    bytes: bodyBytes === 0 ? "" : grouped(bodyBytes),
    ms: grouped(Math.round(durationMs)),
    status: statusOf(request),
    requestId: requestId ?? "",
  };
  return element(
    "div",
    {
      role: "row",
      class: "request",
      "data-outcome": outcomeOf(request),
      ...(attempt > 1 && { "data-again": "" }),
    },
    ...columns.map((column) =>
      element("span", { role: "cell", class: `request-${column}`, title: texts[column] }, texts[column]),
    ),
  );
}

/** "503 throttled", "200", "network": the library's own codes, as in bug reports and the documents. */
function statusOf(request: LoggedRequest): string {
  const { status, error } = request;
  if (outcomeOf(request) === "stopped") return words().requests.stopped;
  return [status === 0 ? "" : String(status), error ?? ""].filter((part) => part !== "").join(" ");
}

function outcomeOf(request: LoggedRequest): "ok" | "failed" | "stopped" {
  if (isFailed(request)) return "failed";
  return request.status === 0 ? "stopped" : "ok";
}

/** "09:05:07.123" by this device's clock, so that the request can be found in a log. */
function timeOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
