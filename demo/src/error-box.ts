/** An error as the library words it: what failed, what to change, and what support will ask for. */
import { isUploadError } from "@ossicle/core";
import { element, setText, setVisible } from "./element.js";

export interface ErrorBox {
  readonly element: HTMLElement;
  /** null hides it. */
  draw(error: unknown): void;
}

/** @param testid prefix of the data-testids `…-error`, `…-hint`, `…-request-id` */
export function createErrorBox(testid: string): ErrorBox {
  const message = element("p", { class: "error-message", "data-testid": `${testid}-error` });
  const hint = element("p", { class: "error-hint", "data-testid": `${testid}-hint` });
  const code = element("span", {});
  const request = element("span", { "data-testid": `${testid}-request-id` });
  const box = element(
    "div",
    { class: "error-box", hidden: "" },
    message,
    hint,
    element("p", { class: "facts error-facts" }, code, request),
  );

  return {
    element: box,
    draw(error) {
      setVisible(box, error !== null);
      if (error === null) return;
      const known = isUploadError(error) ? error : null;
      setText(message, error instanceof Error ? error.message : String(error));
      setText(hint, known?.hint ?? "");
      setText(code, known === null ? "" : `code ${known.code}`);
      setText(request, known?.requestId === undefined ? "" : `request id ${known.requestId}`);
    },
  };
}
