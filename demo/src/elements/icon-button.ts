/** A small button with an icon and a name that says which file it is about. */
import { element, setAttribute } from "./element.js";
import { type IconName, icon } from "./icons.js";

export interface IconButton {
  readonly element: HTMLButtonElement;
  /** @param words what it does, shown where it is pointed at @param named the same with the file's name: the accessible name */
  draw(words: string, named: string): void;
  /** Another icon, for a button that means something else now. */
  show(name: IconName): void;
}

export function iconButton(name: IconName, testid: string, onClick: () => void): IconButton {
  const button = element("button", { type: "button", class: "icon-button", "data-testid": testid }, icon(name));
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
