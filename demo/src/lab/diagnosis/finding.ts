/** One finding of the check-up as a row: verdict, what was checked, what was seen, and what to copy if something is missing. */
import type { DiagnosisCheck } from "@ossicle/core";
import { element } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
import type { WordKey } from "../../words/language.js";
import { createCopyButton } from "../copy-button.js";
import { remedyOf } from "./remedies.js";

/** For each check: its title, and the sentence for "all is well". */
const sentences: Readonly<Record<DiagnosisCheck["name"], readonly [WordKey, WordKey]>> = {
  worker: ["diagnosis.worker", "diagnosis.workerOk"],
  wasm: ["diagnosis.wasm", "diagnosis.wasmOk"],
  indexeddb: ["diagnosis.indexeddb", "diagnosis.indexeddbOk"],
  locks: ["diagnosis.locks", "diagnosis.locksOk"],
  "file-handles": ["diagnosis.fileHandles", "diagnosis.fileHandlesOk"],
  "service-worker": ["diagnosis.serviceWorker", "diagnosis.serviceWorkerOk"],
  "after-page": ["diagnosis.afterPage", "diagnosis.afterPageOk"],
  credentials: ["diagnosis.credentials", "diagnosis.credentialsOk"],
  cors: ["diagnosis.cors", "diagnosis.corsOk"],
  "exposed-headers": ["diagnosis.exposedHeaders", "diagnosis.exposedHeadersOk"],
  caches: ["diagnosis.caches", "diagnosis.cachesOk"],
  clock: ["diagnosis.clock", "diagnosis.clockOk"],
  permissions: ["diagnosis.permissions", "diagnosis.permissionsOk"],
};

export interface FindingOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly announce: (sentence: string) => void;
}

/** For tests: li[data-check][data-status], finding-cors-rule, finding-ram-policy. */
export function findingRow(check: DiagnosisCheck, { bucket, prefix, announce }: FindingOptions): HTMLElement {
  const { name, status, detail } = check;
  const { advice, corsRule, ramPolicy } = remedyOf(check, bucket, prefix);
  const [title, fine] = sentences[name];
  const row = element(
    "li",
    { class: "finding", "data-check": name, "data-status": status },
    element("span", { class: "finding-mark", "aria-hidden": "true" }),
    element(
      "p",
      { class: "finding-title" },
      worded("strong", title),
      worded("span", `diagnosis.${status}`, { class: "finding-status" }),
    ),
    status === "ok"
      ? worded("p", fine, { class: "finding-detail" })
      : // The library's own words, which are English.
        element("p", { class: "finding-detail", lang: "en" }, detail),
  );
  if (advice !== "") row.append(element("p", { class: "finding-advice", lang: "en" }, advice));
  if (corsRule !== undefined) {
    const copy = createCopyButton({ text: () => corsRule, name: "diagnosis.copyCors", announce });
    row.append(toCopy(corsRule, "diagnosis.corsRule", "diagnosis.corsWhere", copy, "finding-cors-rule"));
  }
  if (ramPolicy !== undefined) {
    const copy = createCopyButton({ text: () => ramPolicy, name: "diagnosis.copyPolicy", announce });
    row.append(toCopy(ramPolicy, "diagnosis.policy", "diagnosis.policyWhere", copy, "finding-ram-policy"));
  }
  return row;
}

function toCopy(text: string, title: WordKey, where: WordKey, copy: HTMLElement, testid: string): HTMLElement {
  return element(
    "div",
    { class: "snippet" },
    element("div", { class: "snippet-head" }, worded("span", title, { class: "snippet-title" }), copy),
    element("pre", { tabindex: "0", "data-testid": testid }, element("code", {}, text)),
    worded("p", where, { class: "form-help" }),
  );
}
