/** A small button with an icon. Its accessible name says which file it is about. */
import { element, setAttribute } from "./element.js";
import { type IconName, icon } from "./icons.js";

export interface IconButton {
  readonly element: HTMLButtonElement;
  /** @param words what it does: the tooltip @param named what it does with which file: the accessible name */
  draw(words: string, named: string): void;
  /** Shows another icon, e.g. "resume" in place of "pause". */
  show(name: IconName): void;
}

export function iconButton(name: IconName, testid: string, onClick: () => void): IconButton {
  const button = element(
    "button",
    { type: "button", class: "icon-button", part: "button", "data-testid": testid },
    icon(name),
  );
  let shown = name;
  button.addEventListener("click", onClick);
  return {
    element: button,
    draw(words, named) {
      setAttribute(button, "title", words);
      setAttribute(button, "aria-label", named);
    },
    show(wanted) {
      if (wanted === shown) return;
      shown = wanted;
      button.replaceChildren(icon(wanted));
    },
  };
}
