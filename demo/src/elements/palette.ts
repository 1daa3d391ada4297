/** The colours that canvases are painted with: those of colours.css, light or dark. */

/** Each colour is read once: reading a style while drawing makes the browser compute all styles. */
export interface Palette {
  /** @param name a custom property of colours.css */
  colour(name: `--${string}`): string;
  /** Call it when the page has changed between light and dark. */
  forget(): void;
}

export function createPalette(): Palette {
  const known = new Map<string, string>();
  return {
    colour(name) {
      let colour = known.get(name);
      if (colour === undefined) {
        colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        known.set(name, colour);
      }
      return colour;
    },
    forget: () => known.clear(),
  };
}
