/** Errors that belong to no row: the demo server is away, a call cannot work, a folder cannot be read. */
import { element, worded } from "./element.js";
import { createErrorBox } from "./error-box.js";

export interface Notices {
  /** Shows an error until the person dismisses it. */
  show(error: unknown): void;
}

/** For tests: [data-testid=notice-error], notice-hint, in a region with role=alert. */
export function createNotices(region: HTMLElement): Notices {
  return {
    show(error) {
      const box = createErrorBox("notice");
      const dismiss = worded("button", "page.dismiss", { type: "button", class: "button button-quiet" });
      const notice = element("div", { class: "notice" }, box.element, dismiss);
      dismiss.addEventListener("click", () => notice.remove());
      region.append(notice);
      box.draw(error);
    },
  };
}
