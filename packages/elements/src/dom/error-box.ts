/** An error as people need it: what happened, what they can do; and what support will ask for, to be opened and copied. */
import { isUploadError } from "@ossicle/core";
import type { Words } from "../words/en.js";
import { element, setText, setVisible } from "./element.js";

export interface ErrorBox {
  readonly element: HTMLElement;
  /** Shows an error; null hides the box. */
  draw(error: unknown, words: Words): void;
}

/** @param testid prefix of the data-testids `…-error` (the library's message), `…-hint`, `…-request-id`, `…-copy` */
export function createErrorBox(testid: string): ErrorBox {
  const what = element("p", { class: "error-title", "data-testid": `${testid}-what` });
  const todo = element("p", {});
  const message = element("p", { "data-testid": `${testid}-error`, lang: "en" });
  const hint = element("p", { "data-testid": `${testid}-hint`, lang: "en" });
  const code = element("span", {});
  const request = element("span", { "data-testid": `${testid}-request-id` });
  const summary = element("summary", {});
  const copy = element("button", { type: "button", class: "button", part: "button", "data-testid": `${testid}-copy` });
  const facts = element("p", { class: "facts" }, code, request);
  const details = element("details", { class: "error-details" }, summary, message, hint, facts, copy);
  const box = element("div", { class: "error-box", part: "error", hidden: "" }, what, todo, details);
  let shown: unknown = null;
  let saidCopied = "";
  copy.addEventListener("click", async () => {
    const text = [message, hint, code, request].map((node) => node.textContent).filter(Boolean);
    await navigator.clipboard.writeText(text.join("\n"));
    setText(copy, saidCopied);
  });

  return {
    element: box,
    draw(error, words) {
      setVisible(box, error !== null);
      if (error === null) return;
      const known = isUploadError(error) ? error : null;
      const trouble = words.errors[known?.code ?? "other"];
      setText(what, trouble.what);
      setText(todo, trouble.todo);
      setText(summary, words.details.title);
      setText(message, error instanceof Error ? error.message : String(error));
      setText(hint, known?.hint ?? "");
      setText(code, known === null ? "" : words.details.code(known.code));
      setText(request, known?.requestId === undefined ? "" : words.details.requestId(known.requestId));
      saidCopied = words.page.copied;
      if (shown !== error) setText(copy, words.page.copy);
      shown = error;
    },
  };
}
