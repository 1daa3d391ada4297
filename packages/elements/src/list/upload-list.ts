/** The list of uploads. Only the rows in sight exist, so that ten thousand files cost no more than ten. */
import { type Entry, type Filter, filterOf } from "../desk/entries.js";
import { element, hasFocus, setVisible } from "../dom/element.js";
import { worded } from "../dom/worded.js";
import type { Words } from "../words/en.js";
import { type RowWindow, rowWindow } from "./row-window.js";
import { createUploadRow, type UploadRow, type UploadRowOptions } from "./upload-row.js";

export interface UploadList {
  readonly element: HTMLElement;
  /** Draws the rows in sight. @param entries all of them, in order */
  draw(words: Words, entries: readonly Entry[], filter: Filter): void;
  /** Scrolls to an upload, e.g. when its file is dropped again. */
  show(entry: Entry): void;
  /** Removes all rows; the next `draw` makes them anew, in the language and colours of then. */
  forget(): void;
}

export interface UploadListOptions extends UploadRowOptions {
  /** The list was scrolled or resized: call `draw`. */
  readonly onLayout: () => void;
}

/** As many as the box shows by itself: see `max-height` of `.rows-scroller`. */
const rowsInSight = 9;

/** For tests: [data-testid=uploads] is the list, [data-testid=uploads-scroller] what scrolls. */
export function createUploadList({ onLayout, ...rowOptions }: UploadListOptions): UploadList {
  const rows = new Map<Entry, UploadRow>();
  let shown: readonly Entry[] = [];
  const list = element("ul", {
    class: "rows",
    part: "rows",
    "data-testid": "uploads",
    "data-words-label": "list.title",
  });
  const none = worded("p", "list.noneHere", { class: "rows-none", hidden: "" });
  const scroller = createScroller([list, none], onLayout);

  /** The row that has the focus stays even out of sight: removing it would lose the keyboard's place. */
  function removeAllBut(wanted: ReadonlySet<Entry>): void {
    for (const [entry, row] of rows) {
      if (wanted.has(entry)) continue;
      const isFocused = hasFocus(row.element);
      if (isFocused && shown.includes(entry)) continue;
      if (isFocused) scroller.element.focus();
      row.element.remove();
      rows.delete(entry);
    }
  }

  return {
    element: scroller.element,
    draw(words, entries, filter) {
      shown = filter === "all" ? entries : entries.filter((entry) => filterOf(entry) === filter);
      const { rowHeight, mapWidth, viewHeight } = scroller.layout;
      list.style.height = `${shown.length * rowHeight}px`;
      setVisible(none, shown.length === 0 && entries.length > 0);
      // The box grows with its rows, and is measured only after that: a short list is drawn as a whole at once.
      const sight = Math.max(viewHeight, rowHeight * rowsInSight);
      const view = [shown.length, rowHeight, scroller.element.scrollTop, sight] as const;
      const [inSight, around] = [entriesIn(shown, rowWindow(...view, 0)), entriesIn(shown, rowWindow(...view))];
      removeAllBut(new Set(around));
      const hasNew = inSight.some((entry) => !rows.has(entry));
      // A frame has time for the rows in sight: those around them are made in the next one.
      if (hasNew) onLayout();
      for (const entry of new Set([...rows.keys(), ...(hasNew ? inSight : around)])) {
        const place = shown.indexOf(entry);
        const row = rows.get(entry) ?? createUploadRow(entry, rowOptions);
        rows.set(entry, row);
        row.draw(words, { index: place, count: shown.length, top: place * rowHeight, mapWidth });
        if (!row.element.isConnected) insertInOrder(list, row.element, place);
      }
    },
    show(entry) {
      const place = shown.indexOf(entry);
      if (place >= 0) scroller.element.scrollTo({ top: place * scroller.layout.rowHeight });
    },
    forget() {
      for (const { element: node } of rows.values()) node.remove();
      rows.clear();
    },
  };
}

function entriesIn(entries: readonly Entry[], { first, end }: RowWindow): readonly Entry[] {
  return entries.slice(first, end);
}

interface Layout {
  readonly rowHeight: number;
  readonly mapWidth: number;
  readonly viewHeight: number;
}

/** The box that scrolls. Its sizes in CSS pixels are read when they change, because reading them in a draw costs a layout. */
function createScroller(content: readonly HTMLElement[], onLayout: () => void) {
  /** Invisible: as high as a row and as wide as a bar. */
  const measure = element("div", { class: "row-height" });
  const scroller = element(
    "div",
    {
      class: "rows-scroller",
      // A region that scrolls must be reachable by keyboard; the buttons of its rows may be out of sight.
      tabindex: "0",
      role: "group",
      "data-words-label": "list.region",
      "data-testid": "uploads-scroller",
    },
    measure,
    ...content,
  );
  let layout: Layout = { rowHeight: 0, mapWidth: 0, viewHeight: 0 };
  const resizes = new ResizeObserver(() => {
    layout = { rowHeight: measure.offsetHeight, mapWidth: measure.clientWidth, viewHeight: scroller.clientHeight };
    onLayout();
  });
  resizes.observe(measure);
  resizes.observe(scroller);
  scroller.addEventListener("scroll", onLayout, { passive: true });
  return {
    element: scroller,
    get layout() {
      return layout;
    },
  };
}

/** In the order of the list, so that the Tab key follows what the eye sees. */
function insertInOrder(list: HTMLElement, node: HTMLElement, place: number): void {
  const next = [...list.children].find((child) => Number(child.getAttribute("aria-posinset")) > place + 1);
  list.insertBefore(node, next ?? null);
}
