/** The colours that canvases are painted with: custom properties as they are where a node stands, light or dark. */

/** Each colour is read once: reading a style while drawing makes the browser compute all styles. */
export interface Palette {
  /** @param name a custom property */
  colour(name: `--${string}`): string;
  /** Call it when the page has changed between light and dark. */
  forget(): void;
}

/** @param node stands where the properties hold; nobody sees it */
export function createPalette(node: HTMLElement): Palette {
  const known = new Map<string, string>();
  return {
    colour(name) {
      let colour = known.get(name);
      if (colour === undefined) {
        // A canvas does not understand `light-dark()` or `var()`: as the colour of a node it is resolved.
        node.style.color = `var(${name})`;
        colour = getComputedStyle(node).color;
        known.set(name, colour);
      }
      return colour;
    },
    forget: () => known.clear(),
  };
}
