/** An error: its title in the page's language, the library's own words in English, and what support will ask for. */
import { isUploadError } from "@ossicle/core";
import { words } from "../words/language.js";
import { element, setText, setVisible } from "./element.js";

export interface ErrorBox {
  readonly element: HTMLElement;
  /** Shows an error; null hides the box. */
  draw(error: unknown): void;
}

/** @param testid prefix of the data-testids `…-error`, `…-hint`, `…-request-id` */
export function createErrorBox(testid: string): ErrorBox {
  const title = element("p", { class: "error-title" });
  const message = element("p", { class: "error-message", "data-testid": `${testid}-error`, lang: "en" });
  const hint = element("p", { class: "error-hint", "data-testid": `${testid}-hint`, lang: "en" });
  const code = element("span", {});
  const request = element("span", { "data-testid": `${testid}-request-id` });
  const box = element(
    "div",
    { class: "error-box", hidden: "" },
    title,
    message,
    hint,
    element("p", { class: "facts error-facts" }, code, request),
  );

  return {
    element: box,
    draw(error) {
      setVisible(box, error !== null);
      if (error === null) return;
      const { errors } = words();
      const known = isUploadError(error) ? error : null;
      setText(title, known === null ? errors.other : errors[known.code]);
      setText(message, error instanceof Error ? error.message : String(error));
      setText(hint, known?.hint ?? "");
      setText(code, known === null ? "" : errors.code(known.code));
      setText(request, known?.requestId === undefined ? "" : errors.requestId(known.requestId));
    },
  };
}
