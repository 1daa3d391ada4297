/** Chooses which requests are shown: those of one upload or of all, and failed ones only. */
import { element } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
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
  // Kept beside the select, which has no value as long as it has no options.
  let chosen = everything;
  const select = element("select", { "data-testid": "requests-of" });
  const failedOnly = element("input", { type: "checkbox", "data-testid": "requests-failed" });
  select.addEventListener("change", () => {
    chosen = select.value;
    onChange();
  });
  failedOnly.addEventListener("change", onChange);

  return {
    elements: [
      element("label", { class: "field" }, worded("span", "requests.of"), select),
      element("label", { class: "check" }, failedOnly, worded("span", "requests.failedOnly")),
    ],
    get filter() {
      return { upload: chosen === everything ? null : chosen, failedOnly: failedOnly.checked };
    },
    offer(uploads) {
      const names = new Map([[everything, words().requests.all]]);
      for (const [upload, name] of uploads) names.set(upload, upload === "" ? words().requests.ofNone : name);
      const isSame = [...select.options].every(({ value }) => names.has(value)) && select.options.length === names.size;
      if (isSame) return false;
      const before = chosen;
      select.replaceChildren(...[...names].map(([value, name]) => element("option", { value }, name)));
      chosen = names.has(before) ? before : everything;
      select.value = chosen;
      return chosen !== before;
    },
    forget: () => select.replaceChildren(),
  };
}
