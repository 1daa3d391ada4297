/** The small tile before a file's name: the ending of the name, e.g. "PDF"; CSS replaces it by a mark at the end. */
import { element } from "./element.js";

export function fileBadge(fileName: string): HTMLElement {
  const dot = fileName.lastIndexOf(".");
  const ending = dot > 0 ? fileName.slice(dot + 1) : "";
  return element("span", { class: "badge", "aria-hidden": "true" }, ending.length <= 4 ? ending.toUpperCase() : "");
}
