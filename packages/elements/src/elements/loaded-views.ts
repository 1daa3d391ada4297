/** Desk and views, as soon as they are loaded. What cannot be loaded now is asked for again, as long as the page lasts. */

export type Views = typeof import("../views.js");

let views: Views | undefined;
let loading: Promise<Views> | undefined;
const againMs = 3000;

async function load(): Promise<Views> {
  for (;;) {
    try {
      views = await import("../views.js");
      return views;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

/** undefined as long as they are not there. */
export function loadedViews(): Views | undefined {
  return views;
}

/** Never rejects. */
export function viewsSoon(): Promise<Views> {
  loading ??= load();
  return loading;
}
