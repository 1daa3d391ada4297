/** The unfinished uploads of earlier pages, from `uploader.pending()`, kept up to date with what other tabs do. */
import type { PickedFile, Upload, Uploader } from "@ossicle/core";
import { element, setVisible, worded } from "../../elements/element.js";
import { createPendingRow, type PendingRow, type PendingRowOptions } from "./pending-row.js";

export interface PendingList {
  /**
   * Lists what this uploader's place has, and lets go on by itself what needs nobody.
   * @returns how many go on
   */
  follow(uploader: Uploader): Promise<number>;
  /**
   * Tries a file on every upload that it may belong to: any of the same size, those of its own key and name first. Whether it
   * is that file, only its content can tell.
   * @returns "other" if it belongs to none
   */
  recognise(picked: PickedFile, key: string): Promise<"resumed" | "failed" | "other">;
  /** The language has changed. */
  redraw(): void;
}

export interface PendingListOptions extends Omit<PendingRowOptions, "onSettled"> {
  /** Shown while there is a row. */
  readonly section: HTMLElement;
  readonly onError: (error: unknown) => void;
}

/** A tab that dies tells nobody; its uploads are asked about again after this long. */
const otherTabsMs = 2000;

export function createPendingList({ section, onError, onResumed, onAnew }: PendingListOptions): PendingList {
  let rows = new Map<string, PendingRow>();
  const list = element("ul", {
    class: "pending-rows",
    "data-testid": "pending-list",
    "aria-labelledby": "pending-title",
  });
  const continueAll = worded("button", "pending.continueAll", { type: "button", class: "button", hidden: "" });
  const title = worded("h2", "pending.title", { id: "pending-title" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let uploader: Uploader | null = null;
  let unfollow = () => {};
  section.append(
    element("div", { class: "section-head" }, title, element("div", { class: "head-actions" }, continueAll)),
    worded("p", "pending.lead", { class: "lead" }),
    list,
  );
  continueAll.addEventListener("click", async () => {
    for (const row of [...rows.values()]) if (row.canContinue) await row.resume();
  });

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    if (uploader === null) return;
    const asked = uploader;
    const listed = await asked.pending();
    if (asked !== uploader) return;
    const known = rows;
    rows = new Map(
      listed.map((pending) => {
        const row = known.get(pending.id) ?? createPendingRow(pending, { onResumed, onAnew, onSettled: refresh });
        row.update(pending);
        return [pending.id, row];
      }),
    );
    for (const [id, row] of known) if (!rows.has(id)) row.element.remove();
    // Moving a row that is where it belongs would take the focus from it.
    [...rows.values()].forEach(({ element: node }, place) => {
      if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
    });
    setVisible(section, listed.length > 0);
    setVisible(continueAll, [...rows.values()].filter(({ canContinue }) => canContinue).length > 1);
    clearTimeout(timer);
    if (listed.some(({ active }) => active)) timer = setTimeout(refreshIfSeen, otherTabsMs);
  }

  function refreshIfSeen(): void {
    if (document.visibilityState === "visible") refresh().catch(onError);
  }

  document.addEventListener("visibilitychange", refreshIfSeen);

  function candidates({ file }: PickedFile, key: string): readonly PendingRow[] {
    const likeness = ({ pending }: PendingRow) =>
      Number(pending.key === key) * 2 + Number(pending.file.name === file.name);
    return [...rows.values()]
      .filter(({ pending }) => !pending.active && pending.file.size === file.size)
      .sort((one, other) => likeness(other) - likeness(one));
  }

  return {
    async follow(next) {
      unfollow();
      uploader = next;
      for (const { element: node } of rows.values()) node.remove();
      rows = new Map();
      let known = begun(next);
      unfollow = next.subscribe(() => {
        const now = begun(next);
        if (now === known) return;
        known = now;
        refresh().catch(onError);
      });
      await refresh();
      const ready = [...rows.values()].filter(({ pending, canContinue }) => canContinue && pending.needs === "nothing");
      const tried = await Promise.all(ready.map((row) => row.resume()));
      return tried.filter((outcome) => outcome === "resumed").length;
    },
    async recognise(picked, key) {
      const tried = candidates(picked, key);
      for (const row of tried) {
        const outcome = await row.offer(picked);
        if (outcome !== "other") return outcome;
      }
      // Of the same name and size, but another file: whether it is to take the other's place is for the person to say.
      const namesake = tried.find(({ pending }) => pending.key === key);
      if (namesake === undefined) return "other";
      await namesake.resume(picked);
      return "failed";
    },
    redraw() {
      for (const row of rows.values()) row.update(row.pending);
    },
  };
}

/** What is pending is this page's from the moment it is recognised: then it leaves "preparing", or waits for another tab. */
function begun(uploader: Uploader): number {
  return uploader.uploads.filter(hasBegun).length;
}

function hasBegun({ state }: Upload): boolean {
  if (state.phase !== "queued" && state.phase !== "preparing") return true;
  return state.waiting?.reason === "other-tab";
}
