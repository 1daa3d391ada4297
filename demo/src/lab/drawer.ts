/** A panel that opens and closes: a title with a word beside it, a lead, and whatever the panel holds. */
import { element } from "@ossicle/elements/dom/element.js";
import { worded } from "../elements/element.js";
import type { WordKey } from "../words/language.js";

export interface DrawerOptions {
  readonly testid: string;
  readonly title: WordKey;
  readonly lead: WordKey;
  /** Stands beside the title, seen while the drawer is closed too. */
  readonly sum: HTMLElement;
}

export function createDrawer({ testid, title, lead, sum }: DrawerOptions, ...content: readonly Node[]) {
  return element(
    "details",
    { class: "drawer", "data-testid": testid },
    element("summary", {}, worded("h2", title), sum),
    worded("p", lead, { class: "panel-lead" }),
    ...content,
  );
}
