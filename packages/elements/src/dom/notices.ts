/** What belongs to no row: a folder that cannot be read, files that were left out, an error of the page around. */
import type { Words } from "../words/en.js";
import { element, setText } from "./element.js";
import { createErrorBox } from "./error-box.js";

export interface Notices {
  /** Shows an error until the person dismisses it. */
  show(error: unknown): void;
  /** Shows a sentence until the person dismisses it. */
  say(sentence: string): void;
}

/** For tests: [data-testid=notice-what], notice-error, notice-hint, notice, in a region with role=alert. */
export function createNotices(region: HTMLElement, words: () => Words): Notices {
  function add(content: HTMLElement): void {
    const dismiss = element("button", { type: "button", class: "button button-quiet", part: "button" });
    setText(dismiss, words().page.dismiss);
    const notice = element("div", { class: "notice" }, content, dismiss);
    dismiss.addEventListener("click", () => {
      notice.remove();
      region.focus();
    });
    region.append(notice);
  }

  return {
    show(error) {
      const box = createErrorBox("notice");
      box.draw(error, words());
      add(box.element);
    },
    say(sentence) {
      add(element("p", { class: "notice-words", "data-testid": "notice" }, sentence));
    },
  };
}
