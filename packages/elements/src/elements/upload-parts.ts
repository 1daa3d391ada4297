/** What `<ossicle-upload>` is put together of. */
import type { Uploader } from "@ossicle/core";
import { element } from "../dom/element.js";
import { worded } from "../dom/worded.js";
import type { Texts } from "../words/language.js";
import type { OssicleDropZone } from "./drop-zone-element.js";
import type { OssicleList } from "./list-element.js";
import type { OssicleTotal } from "./total-element.js";
import type { OssicleUnfinished } from "./unfinished-element.js";

export interface Parts {
  readonly unfinished: OssicleUnfinished;
  readonly dropZone: OssicleDropZone;
  readonly total: OssicleTotal;
  readonly list: OssicleList;
  /** Hidden while the list is empty. */
  readonly section: HTMLElement;
  /** Says that the form waits for the files. */
  readonly sending: HTMLElement;
  /** Errors that belong to no row. */
  readonly notices: HTMLElement;
  readonly announcements: HTMLElement;
  show(uploader: Uploader | null): void;
  speak(texts: Texts): void;
  disable(disabled: boolean): void;
}

/** Parts of the parts, so that a page can style them from outside. */
const exported = "button, card, drop-zone, row, rows, bar, dialog, error, filters, total";

export function createParts(): Parts {
  const make = <Tag extends keyof HTMLElementTagNameMap>(tag: Tag) => element(tag, { exportparts: exported });
  const unfinished = make("ossicle-unfinished");
  const dropZone = make("ossicle-drop-zone");
  const total = make("ossicle-total");
  const list = make("ossicle-list");
  dropZone.append(element("slot", { name: "controls", slot: "controls" }));
  total.append(element("slot", { name: "figure", slot: "figure" }));
  const section = element(
    "section",
    {
      class: "card uploads",
      part: "card",
      "data-words-label": "list.region",
      "data-testid": "uploads-section",
      hidden: "",
    },
    total,
    list,
  );
  const shown = [unfinished, total, list];
  return {
    unfinished,
    dropZone,
    total,
    list,
    section,
    sending: worded("p", "form.sending", { class: "sending", role: "status", "data-testid": "sending", hidden: "" }),
    notices: element("div", { class: "notices", role: "alert", tabindex: "-1" }),
    announcements: element("div", { class: "visually-hidden", "aria-live": "polite", "data-testid": "announcements" }),
    show(uploader) {
      for (const part of shown) part.uploader = uploader;
    },
    speak(texts) {
      for (const part of [...shown, dropZone]) part.texts = texts;
    },
    disable(disabled) {
      for (const part of [...shown, dropZone]) part.disabled = disabled;
    },
  };
}
