/** The radio buttons that narrow the list: all, moving, waiting, done, failed, each with its number of uploads. */
import { type Filter, filters } from "../desk/entries.js";
import type { Sum } from "../desk/sum.js";
import { element, setAttribute, setText } from "../dom/element.js";
import { grouped } from "../words/count.js";
import type { Words } from "../words/en.js";

export interface ListFilter {
  readonly element: HTMLElement;
  readonly chosen: Filter;
  draw(words: Words, counts: Sum["counts"]): void;
}

/** For tests: radio buttons [data-testid=filter-<name>]. */
export function createListFilter(onChange: () => void): ListFilter {
  let chosen: Filter = "all";
  const choices = filters.map((name) => {
    const input = element("input", {
      type: "radio",
      name: "filter",
      value: name,
      class: "visually-hidden",
      "data-testid": `filter-${name}`,
    });
    input.checked = name === chosen;
    input.addEventListener("change", () => {
      chosen = name;
      onChange();
    });
    return { name, input, label: element("span", {}), amount: element("span", { class: "filter-count" }) };
  });

  return {
    element: element(
      "div",
      { class: "filters", part: "filters", role: "radiogroup", "data-words-label": "list.show" },
      ...choices.map(({ input, label, amount }) => element("label", { class: "filter" }, input, label, " ", amount)),
    ),
    get chosen() {
      return chosen;
    },
    draw(words, counts) {
      const names = words.list.filters;
      for (const { name, input, label, amount } of choices) {
        setText(label, names[name]);
        setText(amount, grouped(counts[name]));
        setAttribute(input, "aria-label", `${names[name]}: ${grouped(counts[name])}`);
      }
    },
  };
}
