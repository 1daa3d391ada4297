/** What the page sent: a drawer with the last requests, to look through and to copy for a bug report. */

import { formatBytes } from "@ossicle/elements";
import { element, setText, setVisible } from "@ossicle/elements/dom/element.js";
import { createFrame } from "@ossicle/elements/dom/frame.js";
import { worded } from "../../elements/element.js";
import { onLanguage, words } from "../../words/language.js";
import { createCopyButton } from "../copy-button.js";
import { createDrawer } from "../drawer.js";
import type { Page } from "../page.js";
import { bugReport } from "./bug-report.js";
import { createRequestChoice } from "./request-choice.js";
import { createRequestLog, type RequestLog } from "./request-log.js";
import { createRequestTable } from "./request-table.js";

/** The number of requests that are kept, shown and copied: enough for the parts of a run and what went wrong with them. */
const keptRequests = 300;

/** For tests: [data-testid=requests] (a details), requests-sum, requests-table, requests-of, requests-failed. */
export function mountRequests(section: HTMLElement, page: Page): void {
  const log = createRequestLog(keptRequests);
  const table = createRequestTable();
  const choice = createRequestChoice(drawAnew);
  const copy = createCopyButton({
    label: "requests.copy",
    text: () => bugReport(log.matching(choice.filter), reportFacts(page)),
    announce: page.announce,
  });
  const { drawer, sum, none, kept, scroll, clear } = createPanel(choice.elements, copy, table.element);
  section.append(drawer);

  function draw(): void {
    const { requests } = log.totals;
    setText(sum, sumOf(log));
    setText(kept, words().requests.kept(keptRequests));
    setVisible(kept, requests > keptRequests);
    if (!drawer.open) return;
    if (choice.offer(log.uploads())) table.forget();
    const shown = log.matching(choice.filter);
    table.draw(shown);
    setText(none, requests === 0 ? words().requests.none : words().requests.noneHere);
    setVisible(none, shown.length === 0);
    setVisible(scroll, shown.length > 0, drawer);
  }

  function drawAnew(): void {
    table.forget();
    draw();
  }

  const frame = createFrame();
  page.onRequest((trace) => {
    const upload = page.uploader.uploads.find(({ id }) => id === trace.upload);
    log.add(trace, upload?.file?.name ?? upload?.key ?? "");
    frame.request(draw);
  });
  drawer.addEventListener("toggle", draw);
  clear.addEventListener("click", () => {
    log.clear();
    drawAnew();
  });
  onLanguage(() => {
    choice.forget();
    drawAnew();
  });
  draw();
}

function createPanel(choices: readonly HTMLElement[], copy: HTMLElement, table: HTMLElement) {
  const clear = worded("button", "requests.clear", { type: "button", class: "button button-quiet" });
  const sum = element("span", { class: "panel-sum", "data-testid": "requests-sum" });
  const none = element("p", { class: "panel-none" });
  const kept = element("p", { class: "panel-lead", hidden: "" });
  // No row takes the focus: a keyboard can scroll the table only if its box does.
  const box = { class: "requests-scroll", tabindex: "0", role: "group", "data-words-label": "requests.table" };
  const scroll = element("div", box, table);
  const gap = element("span", { class: "panel-gap" });
  const drawer = createDrawer(
    { testid: "requests", title: "requests.title", lead: "requests.lead", sum },
    element("div", { class: "panel-controls" }, ...choices, gap, copy, clear),
    none,
    scroll,
    kept,
  );
  return { drawer, sum, none, kept, scroll, clear };
}

function reportFacts(page: Page) {
  return { place: page.place.name, browser: navigator.userAgent, now: Date.now() };
}

function sumOf({ totals }: RequestLog): string {
  const { requests, failed, bytes } = totals;
  return requests === 0 ? words().requests.none : words().requests.sum(requests, failed, formatBytes(bytes));
}
