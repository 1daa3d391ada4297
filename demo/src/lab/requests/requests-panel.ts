/** What the page sent: a drawer with the last requests, to look through and to copy for a bug report. */

import { element, setText, setVisible, worded } from "../../elements/element.js";
import { createFrame } from "../../elements/frame.js";
import { formatBytes } from "../../words/format.js";
import { onLanguage, words } from "../../words/language.js";
import { createCopyButton } from "../copy-button.js";
import type { Page } from "../page.js";
import { bugReport } from "./bug-report.js";
import { createRequestLog, type RequestFilter } from "./request-log.js";
import { createRequestTable } from "./request-table.js";

/** So many are kept, shown and copied: enough for the parts of a run and what went wrong with them. */
const keptRequests = 300;
const everything = "*";

/** For tests: [data-testid=requests] (a details), requests-sum, requests-table, requests-of, requests-failed. */
export function mountRequests(section: HTMLElement, page: Page): void {
  const log = createRequestLog(keptRequests);
  const table = createRequestTable();
  const frame = createFrame();

  const sum = element("span", { class: "panel-sum", "data-testid": "requests-sum" });
  const chosen = element("select", { "data-testid": "requests-of" });
  const failedOnly = element("input", { type: "checkbox", "data-testid": "requests-failed" });
  const none = element("p", { class: "panel-none" });
  const kept = element("p", { class: "panel-lead", hidden: "" });
  const clear = worded("button", "requests.clear", { type: "button", class: "button button-quiet" });
  const copy = createCopyButton({ label: "requests.copy", text: report, announce: page.announce });
  const scroll = element(
    "div",
    // Without a column that takes the focus, only this way can it be scrolled by keyboard.
    { class: "requests-scroll", tabindex: "0", role: "group", "data-words-label": "requests.table" },
    table.element,
  );
  const drawer = element(
    "details",
    { class: "drawer", "data-testid": "requests" },
    element("summary", {}, worded("h2", "requests.title"), sum),
    worded("p", "requests.lead", { class: "panel-lead" }),
    element(
      "div",
      { class: "panel-controls" },
      element("label", { class: "field" }, worded("span", "requests.of"), chosen),
      element("label", { class: "check" }, failedOnly, worded("span", "requests.failedOnly")),
      element("span", { class: "panel-gap" }),
      copy,
      clear,
    ),
    none,
    scroll,
    kept,
  );
  section.append(drawer);

  function filter(): RequestFilter {
    return { upload: chosen.value === everything ? null : chosen.value, failedOnly: failedOnly.checked };
  }

  function report(): string {
    return bugReport(log.matching(filter()), {
      place: page.place.name,
      browser: navigator.userAgent,
      now: Date.now(),
    });
  }

  function drawOptions(): void {
    const names = new Map([[everything, words().requests.all]]);
    for (const [upload, name] of log.uploads()) names.set(upload, upload === "" ? words().requests.ofNone : name);
    const isSame = [...chosen.options].every(({ value }) => names.has(value)) && chosen.options.length === names.size;
    if (isSame) return;
    const before = chosen.value;
    chosen.replaceChildren(...[...names].map(([value, name]) => element("option", { value }, name)));
    chosen.value = names.has(before) ? before : everything;
    if (chosen.value !== before) table.forget();
  }

  function draw(): void {
    const { requests, failed, bytes } = log.totals;
    setText(sum, requests === 0 ? words().requests.none : words().requests.sum(requests, failed, formatBytes(bytes)));
    setText(kept, words().requests.kept(keptRequests));
    setVisible(kept, requests > keptRequests);
    if (!drawer.open) return;
    drawOptions();
    const shown = log.matching(filter());
    table.draw(shown);
    setText(none, requests === 0 ? words().requests.none : words().requests.noneHere);
    setVisible(none, shown.length === 0);
    setVisible(scroll, shown.length > 0, drawer);
  }

  function drawAnew(): void {
    table.forget();
    draw();
  }

  page.onRequest((trace) => {
    const upload = page.uploader.uploads.find(({ id }) => id === trace.upload);
    log.add(trace, upload?.file?.name ?? upload?.key ?? "");
    frame.request(draw);
  });
  drawer.addEventListener("toggle", draw);
  chosen.addEventListener("change", drawAnew);
  failedOnly.addEventListener("change", drawAnew);
  clear.addEventListener("click", () => {
    log.clear();
    drawAnew();
  });
  onLanguage(() => {
    chosen.replaceChildren();
    drawAnew();
  });
  draw();
}
