/** The unfinished uploads of earlier pages, from `uploader.pending()`, kept up to date with what other tabs do. */
import type { PendingUpload, PickedFile, Uploader } from "@ossicle/core";
import { element, setVisible } from "./element.js";
import { createPendingRow, type PendingRow } from "./pending-row.js";

export interface PendingList {
  /** Resolves when the list was read for the first time. */
  readonly loaded: Promise<void>;
  refresh(): Promise<void>;
  /**
   * The row that a picked file may belong to: the same size under the same key or, for a file picked on its own, the same
   * name. Whether it is that file, only its content can tell.
   */
  match(picked: PickedFile, key: string): PendingRow | null;
}

export interface PendingListOptions {
  readonly uploader: Uploader;
  /** Shown while there is a row. */
  readonly section: HTMLElement;
  readonly onAnew: (picked: PickedFile, key: string) => void;
  readonly onError: (error: unknown) => void;
}

/** A tab that dies tells nobody; its uploads are asked about again after this long. */
const otherTabsMs = 2000;

export function createPendingList({ uploader, section, onAnew, onError }: PendingListOptions): PendingList {
  const rows = new Map<string, { pending: PendingUpload; row: PendingRow }>();
  const list = element("ul", { class: "rows", "data-testid": "pending-list", "aria-labelledby": "pending-title" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  section.append(list);

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    const listed = await uploader.pending();
    const ids = new Set(listed.map(({ id }) => id));
    for (const [id, { row }] of rows) {
      if (ids.has(id)) continue;
      row.element.remove();
      rows.delete(id);
    }
    for (const pending of listed) {
      const known = rows.get(pending.id);
      known?.row.update(pending);
      const row = known?.row ?? createPendingRow(pending, { onSettled: refresh, onAnew });
      rows.set(pending.id, { pending, row });
    }
    // Moving a row that is where it belongs would take the focus from it.
    listed.forEach(({ id }, place) => {
      const node = rows.get(id)?.row.element;
      if (node !== undefined && list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
    });
    setVisible(section, listed.length > 0);
    clearTimeout(timer);
    if (listed.some(({ active }) => active)) timer = setTimeout(refreshIfSeen, otherTabsMs);
  }

  function refreshIfSeen(): void {
    if (document.visibilityState === "visible") refresh().catch(onError);
  }

  document.addEventListener("visibilitychange", refreshIfSeen);
  let known = begun();
  uploader.subscribe(() => {
    const now = begun();
    if (now === known) return;
    known = now;
    refresh().catch(onError);
  });

  /** What is pending is this page's from the moment it is recognised: then it leaves "preparing", or waits for another tab. */
  function begun(): number {
    return uploader.uploads.filter(({ state }) => {
      if (state.phase !== "queued" && state.phase !== "preparing") return true;
      return state.waiting?.reason === "other-tab";
    }).length;
  }

  return {
    loaded: refresh().catch(onError),
    refresh,
    match({ file, path }, key) {
      const candidates = [...rows.values()].filter(({ pending }) => !pending.active && pending.file.size === file.size);
      const same = candidates.find(({ pending }) => pending.key === key);
      // A file in a folder says where it belongs; its namesake in another folder is another file.
      const namesake = path.includes("/")
        ? undefined
        : candidates.find(({ pending }) => pending.file.name === file.name);
      return (same ?? namesake)?.row ?? null;
    },
  };
}
