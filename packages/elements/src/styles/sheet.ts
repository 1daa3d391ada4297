/** Style sheets of shadow trees, each made once. Made by script, they need no leave of a Content-Security-Policy for styles. */
import { colours } from "./colours.js";
import { controls } from "./controls.js";
import { dropZone } from "./drop-zone.js";

/** @returns the sheet, the same for all elements; to be called in a browser alone */
export function sheetOf(css: string): () => CSSStyleSheet {
  let made: CSSStyleSheet | undefined;
  return () => {
    if (made === undefined) {
      made = new CSSStyleSheet();
      made.replaceSync(css);
    }
    return made;
  };
}

export const sheet = sheetOf(colours + controls + dropZone);
