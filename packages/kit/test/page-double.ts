/** The page around a list: looked at again, and online again, when a test says so. */

/** What the page has, as far as the kit listens to it. */
export function pageDouble(): { readonly globals: Record<string, unknown>; show(): void; goOnline(): void } {
  const [window, document] = [new EventTarget(), new EventTarget()];
  return {
    globals: {
      document: Object.assign(document, { visibilityState: "visible" }),
      addEventListener: window.addEventListener.bind(window),
    },
    show: () => document.dispatchEvent(new Event("visibilitychange")),
    goOnline: () => window.dispatchEvent(new Event("online")),
  };
}
