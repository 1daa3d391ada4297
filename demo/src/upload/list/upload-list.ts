/** The uploads of this page: only the rows in sight exist, so that ten thousand files cost as much as ten. */
import { element, setVisible, worded } from "../../elements/element.js";
import type { Palette } from "../../elements/palette.js";
import { partLegend } from "../parts/part-map.js";
import { type Entry, type Filter, filterOf } from "./entries.js";
import { rowWindow } from "./row-window.js";
import { createUploadRow, type UploadRow, type UploadRowOptions } from "./upload-row.js";

export interface UploadList {
  readonly element: HTMLElement;
  /** Draws what is in sight. @param entries all of them, in order */
  draw(entries: readonly Entry[], filter: Filter): void;
  /** Scrolls to an upload, e.g. when its file is dropped again. */
  show(entry: Entry): void;
  /** Language or colours have changed: everything is drawn anew. */
  forget(): void;
}

export interface UploadListOptions extends Omit<UploadRowOptions, "entry"> {
  readonly palette: Palette;
  /** Something was scrolled or resized: `draw` should be called. */
  readonly onLayout: () => void;
}

/** For tests: [data-testid=uploads] is the list, [data-testid=uploads-scroller] what scrolls. */
export function createUploadList({ onLayout, ...rowOptions }: UploadListOptions): UploadList {
  const rows = new Map<Entry, UploadRow>();
  let shown: readonly Entry[] = [];
  const list = element("ul", { class: "rows", "data-testid": "uploads", "data-words-label": "list.title" });
  const none = worded("p", "list.noneHere", { class: "rows-none", hidden: "" });
  // A region that scrolls has to be reachable by keyboard; its rows may be out of sight.
  const height = element("div", { class: "row-height" });
  const scroller = element(
    "div",
    {
      class: "rows-scroller",
      tabindex: "0",
      role: "group",
      "data-words-label": "list.region",
      "data-testid": "uploads-scroller",
    },
    height,
    list,
    none,
  );

  let layout = { rowHeight: 0, mapWidth: 0, viewHeight: 0 };
  const readLayout = () => {
    const rowHeight = height.offsetHeight;
    layout = { rowHeight, mapWidth: height.clientWidth, viewHeight: scroller.clientHeight };
    onLayout();
  };
  const resizes = new ResizeObserver(readLayout);
  resizes.observe(height);
  resizes.observe(scroller);
  scroller.addEventListener("scroll", onLayout, { passive: true });

  function rowOf(entry: Entry): UploadRow {
    const known = rows.get(entry);
    if (known !== undefined) return known;
    const row = createUploadRow({ entry, ...rowOptions });
    rows.set(entry, row);
    return row;
  }

  return {
    element: element("div", { class: "list-body" }, scroller, partLegend()),
    draw(entries, filter) {
      shown = filter === "all" ? entries : entries.filter(({ upload }) => filterOf(upload.state.phase) === filter);
      const { rowHeight, mapWidth, viewHeight } = layout;
      list.style.height = `${shown.length * rowHeight}px`;
      setVisible(none, shown.length === 0);
      const { first, end } = rowWindow(shown.length, rowHeight, scroller.scrollTop, viewHeight);
      const wanted = new Set(shown.slice(first, end));
      for (const [entry, row] of rows) {
        // What has the focus stays, wherever it was scrolled to: the keyboard would lose its place.
        if (wanted.has(entry) || (row.element.contains(document.activeElement) && shown.includes(entry))) continue;
        row.element.remove();
        rows.delete(entry);
      }
      for (const [place, entry] of shown.entries()) {
        const known = rows.get(entry);
        if (known === undefined && (place < first || place >= end)) continue;
        const row = known ?? rowOf(entry);
        row.draw({ index: place, count: shown.length, top: place * rowHeight, mapWidth });
        if (!row.element.isConnected) insertInOrder(row.element, place);
      }
    },
    show(entry) {
      const place = shown.indexOf(entry);
      if (place >= 0) scroller.scrollTo({ top: place * layout.rowHeight });
    },
    forget() {
      for (const { element: node } of rows.values()) node.remove();
      rows.clear();
    },
  };

  /** In the order of the list, so that the Tab key follows what the eye sees. */
  function insertInOrder(node: HTMLElement, place: number): void {
    const next = [...list.children].find((child) => Number(child.getAttribute("aria-posinset")) > place + 1);
    list.insertBefore(node, next ?? null);
  }
}
