/** The small tile in front of a file's name: its ending, until the row's phase says more. */
import { element } from "./element.js";

export function fileBadge(fileName: string): HTMLElement {
  const dot = fileName.lastIndexOf(".");
  const ending = dot > 0 ? fileName.slice(dot + 1) : "";
  return element("span", { class: "badge", "aria-hidden": "true" }, ending.length <= 4 ? ending.toUpperCase() : "");
}
