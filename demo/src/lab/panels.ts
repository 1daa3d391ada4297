/** Puts the panels into their places below the uploads. */

import { fillWords } from "../words/language.js";
import { mountDiagnosis } from "./diagnosis/diagnosis-panel.js";
import { mountOwnBucket } from "./own-bucket/own-bucket-panel.js";
import type { Page } from "./page.js";
import { mountRecipes } from "./recipes/recipes-panel.js";
import { mountRequests } from "./requests/requests-panel.js";

/** The elements of index.html that a panel is put into. */
export interface PanelPlaces {
  readonly requests: HTMLElement;
  readonly ownBucket: HTMLElement;
  readonly diagnosis: HTMLElement;
  readonly recipes: HTMLElement;
}

export function mountPanels(places: PanelPlaces, page: Page): void {
  mountRequests(places.requests, page);
  const diagnosis = mountDiagnosis(places.diagnosis, page);
  mountOwnBucket(places.ownBucket, {
    page,
    onConnected: () => {
      places.diagnosis.scrollIntoView({ block: "nearest" });
      void diagnosis.run();
    },
  });
  mountRecipes(places.recipes, page);
  for (const place of Object.values(places)) fillWords(place);
}
