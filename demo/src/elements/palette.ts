/** The colours that canvases are painted with: those of colours.css, light or dark. */

/** The colours of the canvases, read once: asking for a style in the middle of drawing makes the browser compute all of them. */
export interface Palette {
  /** A custom property of colours.css. */
  colour(name: `--${string}`): string;
  /** The page has changed its colours. */
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
