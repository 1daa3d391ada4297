/** `<ossicle-total>`: how far all uploads of an uploader are, and the buttons for all. The slot "figure" stands beside the sum. */
import type { Desk } from "../desk/desk.js";
import type { Views } from "./loaded-views.js";
import { type View, ViewElement } from "./view-element.js";

export class OssicleTotal extends ViewElement {
  protected override make({ createTotal }: Views, desk: Desk): View {
    return createTotal(desk);
  }
}
