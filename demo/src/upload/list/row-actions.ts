/** The buttons of a row: send first, pause or resume or try again, cancel, open, details. Only those that apply are shown. */
import { element, setAttribute, setVisible } from "../../elements/element.js";
import { iconButton } from "../../elements/icon-button.js";
import { icon } from "../../elements/icons.js";
import type { Words } from "../../words/language.js";
import { type Entry, isHeld, isOver } from "./entries.js";

export interface RowActions {
  readonly element: HTMLElement;
  /** @param fallback gets the focus if the button that has it disappears */
  draw(said: Words, fallback: HTMLElement): void;
}

export interface RowActionsOptions {
  readonly entry: Entry;
  /** @returns where the stored object can be opened; undefined if it cannot */
  readonly linkTo: (key: string) => string | undefined;
  readonly onDetails: (entry: Entry) => void;
  /** A button's promise was rejected. */
  readonly onError: (error: unknown) => void;
}

export function createRowActions({ entry, linkTo, onDetails, onError }: RowActionsOptions): RowActions {
  const { name } = entry;
  const toggle = iconButton("pause", "upload-toggle", () => {
    if (isHeld(entry.upload.state.phase)) entry.upload.resume();
    else entry.upload.pause().catch(onError);
  });
  const first = iconButton("first", "upload-first", () => {
    entry.toFront?.().catch(onError);
  });
  const cancel = iconButton("cancel", "upload-cancel", () => {
    entry.upload.cancel().catch(onError);
  });
  const details = iconButton("details", "upload-details", () => onDetails(entry));
  const link = element("a", { class: "icon-button", "data-testid": "upload-link", hidden: "" }, icon("open"));
  link.target = "_blank";
  link.rel = "noopener";

  return {
    element: element(
      "div",
      { class: "row-actions" },
      first.element,
      toggle.element,
      cancel.element,
      link,
      details.element,
    ),
    draw({ upload }, fallback) {
      const { phase } = entry.upload.state;
      const over = isOver(phase);
      if (phase === "failed") toggle.draw(upload.retry, upload.retryNamed(name));
      else if (isHeld(phase)) toggle.draw(upload.resume, upload.resumeNamed(name));
      else toggle.draw(upload.pause, upload.pauseNamed(name));
      toggle.show(phase === "failed" ? "retry" : isHeld(phase) ? "resume" : "pause");
      first.draw(upload.first, upload.firstNamed(name));
      cancel.draw(upload.cancel, upload.cancelNamed(name));
      details.draw(upload.details, upload.detailsNamed(name));
      const href = phase === "completed" ? linkTo(entry.upload.key) : undefined;
      setAttribute(link, "href", href ?? null);
      setAttribute(link, "title", upload.open);
      setAttribute(link, "aria-label", upload.openNamed(name));
      setVisible(link, href !== undefined);
      setVisible(first.element, phase === "queued" && entry.toFront !== null, fallback);
      setVisible(toggle.element, !over, fallback);
      setVisible(cancel.element, !over, fallback);
    },
  };
}
