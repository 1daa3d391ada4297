/** The panels below the uploads, each in its place of the page. */
import type { Page } from "./page.js";

/** The elements of index.html that wait for a panel; one that stays empty is not seen. */
export interface PanelPlaces {
  readonly requests: HTMLElement;
  readonly ownBucket: HTMLElement;
  readonly diagnosis: HTMLElement;
  readonly recipes: HTMLElement;
}

export function mountPanels(_places: PanelPlaces, _page: Page): void {}
