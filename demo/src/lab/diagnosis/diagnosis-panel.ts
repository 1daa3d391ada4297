/** The check-up: runs `diagnose()` on the uploader in use and shows each finding. */
import type { Diagnosis } from "@ossicle/core";
import { element, setAttribute, setText, setVisible } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
import { onLanguage, words } from "../../words/language.js";
import { drawBusy } from "../busy-button.js";
import type { Page } from "../page.js";
import { findingRow } from "./finding.js";

export interface DiagnosisPanel {
  /** Checks the uploader in use and shows the findings. Does nothing while a check is running; another store ends that one. */
  run(): Promise<void>;
}

/** The keys of this page's files begin so. Its tokens may allow no other keys. */
const prefix = "uploads/";

/** For tests: [data-testid=diagnosis-run], diagnosis-sum, diagnosis-findings. */
export function mountDiagnosis(section: HTMLElement, page: Page): DiagnosisPanel {
  const view = createView(section);
  let diagnosis: Diagnosis | undefined;
  let running: object | undefined;

  const drawHead = () => view.drawHead(diagnosis, running !== undefined);

  function show(found: Diagnosis | undefined): void {
    diagnosis = found;
    const bucket = page.place.name.split("/").at(-1) ?? "";
    const rows = found?.checks.map((check) => findingRow(check, { bucket, prefix, announce: page.announce })) ?? [];
    view.drawFindings(rows);
    drawHead();
  }

  async function check(): Promise<void> {
    if (running !== undefined) return;
    const mine = {};
    running = mine;
    drawHead();
    try {
      const found = await page.uploader.diagnose({ key: `${prefix}.ossicle-check-${crypto.randomUUID()}` });
      if (running !== mine) return;
      show(found);
      page.announce(verdict(found));
    } catch (error) {
      // The uploader was closed, because the page goes on to another store.
      const isClosed = error instanceof DOMException && error.name === "AbortError";
      if (!isClosed) page.showError(error);
    } finally {
      if (running === mine) running = undefined;
      drawHead();
    }
  }

  view.run.addEventListener("click", () => {
    void check();
  });
  page.onPlace(() => {
    running = undefined;
    show(undefined);
  });
  onLanguage(drawHead);
  drawHead();
  return { run: check };
}

function createView(section: HTMLElement) {
  const run = element("button", { type: "button", class: "button", "data-testid": "diagnosis-run" });
  const sum = element("p", { class: "diagnosis-sum", "data-testid": "diagnosis-sum" });
  const list = element("ul", { class: "findings", hidden: "", "data-testid": "diagnosis-findings" });
  const lead = worded("p", "diagnosis.lead", { class: "panel-lead" });
  const title = element("div", {}, worded("h2", "diagnosis.title"), lead);
  section.append(element("div", { class: "panel-head" }, title, run), sum, list);
  return {
    run,
    drawHead(diagnosis: Diagnosis | undefined, isRunning: boolean) {
      drawBusy(run, isRunning ? words().diagnosis.running : words().diagnosis.run, isRunning);
      setText(sum, diagnosis === undefined ? "" : verdict(diagnosis));
      setAttribute(sum, "data-verdict", diagnosis === undefined ? null : verdictOf(diagnosis));
      setVisible(sum, diagnosis !== undefined);
    },
    drawFindings(rows: readonly HTMLElement[]) {
      list.replaceChildren(...rows);
      setVisible(list, rows.length > 0);
    },
  };
}

function countOf({ checks }: Diagnosis, wanted: "failed" | "warning"): number {
  return checks.filter(({ status }) => status === wanted).length;
}

function verdictOf(diagnosis: Diagnosis): "ok" | "warning" | "failed" {
  if (!diagnosis.ok) return "failed";
  return countOf(diagnosis, "warning") > 0 ? "warning" : "ok";
}

function verdict(diagnosis: Diagnosis): string {
  const said = words().diagnosis;
  switch (verdictOf(diagnosis)) {
    case "ok":
      return said.fine;
    case "warning":
      return said.warnings(countOf(diagnosis, "warning"));
    case "failed":
      return said.failures(countOf(diagnosis, "failed"));
  }
}
