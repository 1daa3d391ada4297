/** A file's name that is cut in its middle where room is short: its end tells files apart. */
import { element } from "../dom/element.js";

const tailLength = 12;

/** @returns nodes for a flex container of class "row-name" */
export function fileName(name: string, folder = ""): readonly HTMLElement[] {
  // Not within a pair of surrogates, and not within a short name.
  const letters = Array.from(name);
  const at = letters.length > tailLength * 2 ? letters.length - tailLength : letters.length;
  return [
    ...(folder === "" ? [] : [element("span", { class: "row-folder" }, folder)]),
    element("span", { class: "name-head" }, letters.slice(0, at).join("")),
    ...(at < letters.length ? [element("span", { class: "name-tail" }, letters.slice(at).join(""))] : []),
  ];
}
