/** The check-up: runs `diagnose()` on the uploader in use and shows each finding. */
import type { Diagnosis } from "@ossicle/core";
import { element, setAttribute, setText, setVisible, worded } from "../../elements/element.js";
import { onLanguage, words } from "../../words/language.js";
import type { Page } from "../page.js";
import { findingRow } from "./finding.js";

export interface DiagnosisPanel {
  /** Checks the uploader in use; what fails is shown. One check at a time: another store ends the one that is running. */
  run(): Promise<void>;
}

/** Where this page's files go; tokens may be good for nothing else. */
const prefix = "uploads/";

/** For tests: [data-testid=diagnosis-run], diagnosis-sum, diagnosis-findings. */
export function mountDiagnosis(section: HTMLElement, page: Page): DiagnosisPanel {
  const run = element("button", { type: "button", class: "button", "data-testid": "diagnosis-run" });
  const sum = element("p", { class: "diagnosis-sum", "data-testid": "diagnosis-sum" });
  const list = element("ul", { class: "findings", hidden: "", "data-testid": "diagnosis-findings" });
  section.append(
    element(
      "div",
      { class: "panel-head" },
      element("div", {}, worded("h2", "diagnosis.title"), worded("p", "diagnosis.lead", { class: "panel-lead" })),
      run,
    ),
    sum,
    list,
  );
  let diagnosis: Diagnosis | undefined;
  let running: object | undefined;

  function drawHead(): void {
    setText(run, running === undefined ? words().diagnosis.run : words().diagnosis.running);
    // Not `disabled`: that would take the focus from whoever has just pressed it.
    setAttribute(run, "aria-disabled", running === undefined ? null : "true");
    setText(sum, diagnosis === undefined ? "" : verdict(diagnosis));
    setAttribute(sum, "data-verdict", diagnosis === undefined ? null : verdictOf(diagnosis));
    setVisible(sum, diagnosis !== undefined);
  }

  function show(found: Diagnosis | undefined): void {
    diagnosis = found;
    const bucket = page.place.name.split("/").at(-1) ?? "";
    const rows = found?.checks.map((check) => findingRow(check, { bucket, prefix, announce: page.announce })) ?? [];
    list.replaceChildren(...rows);
    setVisible(list, rows.length > 0);
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
      // Closed: the page goes on to another store.
      const isClosed = error instanceof DOMException && error.name === "AbortError";
      if (!isClosed) page.showError(error);
    } finally {
      if (running === mine) running = undefined;
      drawHead();
    }
  }

  run.addEventListener("click", () => {
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
