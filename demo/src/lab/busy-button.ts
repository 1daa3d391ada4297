/** A button whose act takes a while. */
import { setAttribute, setText } from "@ossicle/elements/dom/element.js";

/** Says what the button does or is doing. Not `disabled`: that would take the focus from the person who has just pressed it. */
export function drawBusy(button: HTMLButtonElement, text: string, isBusy: boolean): void {
  setText(button, text);
  setAttribute(button, "aria-disabled", isBusy ? "true" : null);
}
