/** Chooses which requests are shown: those of one upload or of all, and failed ones only. */
import { element, worded } from "../../elements/element.js";
import { words } from "../../words/language.js";
import type { RequestFilter } from "./request-log.js";

export interface RequestChoice {
  readonly elements: readonly HTMLElement[];
  readonly filter: RequestFilter;
  /**
   * Offers these uploads, by id, with the names of their files.
   * @returns true if the chosen upload is no longer among them: then all are chosen
   */
  offer(uploads: ReadonlyMap<string, string>): boolean;
  /** The next `offer` names everything anew. Call it when the language has changed. */
  forget(): void;
}

/** The value of "All uploads"; ids of uploads are never like it. */
const everything = "*";

export function createRequestChoice(onChange: () => void): RequestChoice {
  const chosen = element("select", { "data-testid": "requests-of" });
  const failedOnly = element("input", { type: "checkbox", "data-testid": "requests-failed" });
  for (const control of [chosen, failedOnly]) control.addEventListener("change", onChange);

  return {
    elements: [
      element("label", { class: "field" }, worded("span", "requests.of"), chosen),
      element("label", { class: "check" }, failedOnly, worded("span", "requests.failedOnly")),
    ],
    get filter() {
      return { upload: chosen.value === everything ? null : chosen.value, failedOnly: failedOnly.checked };
    },
    offer(uploads) {
      const names = new Map([[everything, words().requests.all]]);
      for (const [upload, name] of uploads) names.set(upload, upload === "" ? words().requests.ofNone : name);
      const isSame = [...chosen.options].every(({ value }) => names.has(value)) && chosen.options.length === names.size;
      if (isSame) return false;
      const before = chosen.value;
      chosen.replaceChildren(...[...names].map(([value, name]) => element("option", { value }, name)));
      chosen.value = names.has(before) ? before : everything;
      return chosen.value !== before;
    },
    forget: () => chosen.replaceChildren(),
  };
}
