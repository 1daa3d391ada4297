/** The uploads of one desk: what narrows them, a row each, and the dialog with the details of one. */
import type { Desk } from "../desk/desk.js";
import type { Entry } from "../desk/entries.js";
import { element } from "../dom/element.js";
import { createPalette } from "../dom/palette.js";
import type { Words } from "../words/en.js";
import { createListFilter } from "./list-filter.js";
import { createUploadDialog } from "./upload-dialog.js";
import { createUploadList } from "./upload-list.js";

export interface ListView {
  readonly element: HTMLElement;
  draw(words: Words, desk: Desk): void;
  /** The language or the colours have changed. */
  forget(): void;
  show(entry: Entry): void;
}

export interface ListViewOptions {
  readonly words: () => Words;
  readonly linkTo: (key: string, url: string) => string | undefined;
  readonly onError: (error: unknown) => void;
  readonly onLayout: () => void;
}

export function createListView(desk: Desk, { words, onLayout, ...rowOptions }: ListViewOptions): ListView {
  const probe = element("span", { hidden: "" });
  const palette = createPalette(probe);
  const filter = createListFilter(onLayout);
  const dialog = createUploadDialog(palette, words);
  const list = createUploadList({ desk, palette, onDetails: dialog.show, onLayout, ...rowOptions });
  return {
    element: element("div", {}, probe, filter.element, list.element, dialog.element),
    draw(said, { entries, sum }) {
      filter.draw(said, sum.counts);
      list.draw(said, entries, filter.chosen);
      dialog.draw();
    },
    forget() {
      palette.forget();
      list.forget();
    },
    show: list.show,
  };
}
