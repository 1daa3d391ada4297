/** `<ossicle-unfinished>`: what earlier pages have left unfinished, and what each needs to go on. Invisible while there is nothing. */
import type { Views } from "./loaded-views.js";
import { type View, ViewElement } from "./view-element.js";

export class OssicleUnfinished extends ViewElement {
  protected override make({ createPendingList }: Views): View {
    return createPendingList();
  }
}
