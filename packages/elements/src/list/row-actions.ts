/** The buttons of a row: send first, pause or resume or try again, undo or cancel, open, details. Only those that apply are shown. */
import { pickFiles, type UploadErrorCode } from "@ossicle/core";
import type { Desk } from "../desk/desk.js";
import { type Entry, isHeld, isOver } from "../desk/entries.js";
import { element, setAttribute, setVisible } from "../dom/element.js";
import { iconButton } from "../dom/icon-button.js";
import { icon } from "../dom/icons.js";
import type { Words } from "../words/en.js";

export interface RowActions {
  readonly element: HTMLElement;
  /** @param fallback gets the focus if the button that has it disappears */
  draw(said: Words, fallback: HTMLElement): void;
}

export interface RowActionsOptions {
  readonly desk: Desk;
  /** @returns where the stored object can be opened; undefined if it cannot */
  readonly linkTo: (key: string, url: string) => string | undefined;
  readonly onDetails: (entry: Entry) => void;
  /** A button's promise was rejected. */
  readonly onError: (error: unknown) => void;
}

/** What helps after a failure. Nothing helps a name that can never be one, or an object that is stored already. */
function remedyOf(code: UploadErrorCode): "retry" | "pick" | "none" {
  switch (code) {
    case "file-changed":
    case "file-unreadable":
      return "pick";
    case "invalid-option":
    case "callback-failed":
      return "none";
    default:
      return "retry";
  }
}

export function createRowActions(entry: Entry, { desk, linkTo, onDetails, onError }: RowActionsOptions): RowActions {
  const { name } = entry;
  const remedy = () => {
    const { state } = entry.upload;
    return state.phase === "failed" ? remedyOf(state.error.code) : null;
  };
  const toggle = iconButton("pause", "upload-toggle", () => {
    if (remedy() === "pick") pickFiles().then(([picked]) => picked && desk.again(entry, picked), onError);
    else if (isHeld(entry.upload.state.phase)) {
      entry.wasAsked = false;
      entry.upload.resume();
    } else entry.upload.pause().catch(onError);
  });
  const first = iconButton("first", "upload-first", () => void desk.toFront(entry).catch(onError));
  const cancel = iconButton("cancel", "upload-cancel", () => {
    desk.cancel(entry);
    if (entry.cancelling === null) return;
    setVisible(undo.element, true);
    undo.element.focus();
  });
  const undo = iconButton("undo", "upload-undo", () => {
    desk.undo(entry);
    setVisible(cancel.element, true);
    cancel.element.focus();
  });
  const details = iconButton("details", "upload-details", () => onDetails(entry));
  const link = element(
    "a",
    { class: "icon-button", part: "button", "data-testid": "upload-link", hidden: "" },
    icon("open"),
  );
  link.target = "_blank";
  link.rel = "noopener";
  const all = [first.element, toggle.element, cancel.element, undo.element, link, details.element];

  return {
    element: element("div", { class: "row-actions" }, ...all),
    draw({ upload }, fallback) {
      const { state, key } = entry.upload;
      const { phase } = state;
      const over = isOver(phase);
      const leaving = entry.cancelling !== null;
      const helps = remedy();
      if (helps === "pick") toggle.draw(upload.pick, upload.pickNamed(name));
      else if (helps === "retry") toggle.draw(upload.retry, upload.retryNamed(name));
      else if (isHeld(phase)) toggle.draw(upload.resume, upload.resumeNamed(name));
      else toggle.draw(upload.pause, upload.pauseNamed(name));
      toggle.show(phase === "failed" ? "retry" : isHeld(phase) ? "resume" : "pause");
      first.draw(upload.first, upload.firstNamed(name));
      cancel.draw(upload.cancel, upload.cancelNamed(name));
      undo.draw(upload.undo, upload.undoNamed(name));
      details.draw(upload.details, upload.detailsNamed(name));
      const href = state.phase === "completed" ? linkTo(key, state.result.url) : undefined;
      setAttribute(link, "href", href ?? null);
      setAttribute(link, "title", upload.open);
      setAttribute(link, "aria-label", upload.openNamed(name));
      setVisible(link, href !== undefined);
      const waits = phase === "queued" && entry.picked !== undefined && entry.upload.options.priority !== "high";
      setVisible(first.element, waits && !leaving, fallback);
      setVisible(toggle.element, !over && !leaving && helps !== "none", fallback);
      setVisible(undo.element, leaving, fallback);
      setVisible(cancel.element, !over && !leaving, fallback);
    },
  };
}
