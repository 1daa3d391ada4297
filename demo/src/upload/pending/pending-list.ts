/** The unfinished uploads of earlier pages, from `uploader.pending()`. Listed again when this page or another tab changes them. */
import type { PickedFile, Upload, Uploader } from "@ossicle/core";
import { element, setVisible, worded } from "../../elements/element.js";
import type { PendingRow, PendingRowOptions, Tried } from "./pending-row.js";
import { createPendingRows } from "./pending-rows.js";

export interface PendingList {
  /**
   * Lists the unfinished uploads of this uploader from now on, and resumes those that need nothing from the person and were not paused.
   * @returns how many were resumed
   */
  follow(uploader: Uploader): Promise<number>;
  /**
   * Tries a file on every upload that it may belong to: those of the same size, first those with its key and its name. Only the
   * content decides.
   * @returns "resumed" if it belongs to one; "failed" if that one could not go on, or if the row of its key now asks whether
   * to upload this other file instead; "other" if it belongs to none
   */
  recognise(picked: PickedFile, key: string): Promise<"resumed" | "failed" | "other">;
  /** Call it when the language has changed. */
  redraw(): void;
}

export interface PendingListOptions extends Omit<PendingRowOptions, "onSettled"> {
  /** Hidden while there is no row. */
  readonly section: HTMLElement;
  readonly onError: (error: unknown) => void;
}

/** Uploads that another tab is sending are listed again after this long: a tab that dies reports nothing. */
const otherTabsMs = 2000;

export function createPendingList({ section, onError, ...rowOptions }: PendingListOptions): PendingList {
  const rows = createPendingRows({ ...rowOptions, onSettled: refresh });
  const head = createHead(async () => {
    for (const row of rows.all) if (row.canContinue) await row.resume();
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let uploader: Uploader | null = null;
  let unfollow = () => {};
  section.append(head.element, worded("p", "pending.lead", { class: "lead" }), rows.element);

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    if (uploader === null) return;
    const asked = uploader;
    const listed = await asked.pending();
    if (asked !== uploader) return;
    rows.show(listed);
    setVisible(section, listed.length > 0);
    setVisible(head.continueAll, rows.all.filter(({ canContinue }) => canContinue).length > 1);
    clearTimeout(timer);
    if (listed.some(({ active }) => active)) timer = setTimeout(refreshIfSeen, otherTabsMs);
  }

  function refreshIfSeen(): void {
    if (document.visibilityState === "visible") refresh().catch(onError);
  }

  document.addEventListener("visibilitychange", refreshIfSeen);

  return {
    async follow(next) {
      unfollow();
      uploader = next;
      rows.show([]);
      unfollow = onBegun(next, () => {
        refresh().catch(onError);
      });
      await refresh();
      return await resumeReady(rows.all);
    },
    recognise: (picked, key) => recognise(rows.candidates(picked, key), picked, key),
    redraw() {
      for (const row of rows.all) row.update(row.pending);
    },
  };
}

/** Resumes those that need nothing from the person and were not paused. @returns how many were resumed */
async function resumeReady(rows: readonly PendingRow[]): Promise<number> {
  const ready = rows.filter(
    ({ pending, canContinue }) => canContinue && pending.needs === "nothing" && !pending.paused,
  );
  const tried = await Promise.all(ready.map((row) => row.resume()));
  return tried.filter((outcome) => outcome === "resumed").length;
}

async function recognise(candidates: readonly PendingRow[], picked: PickedFile, key: string): Promise<Tried> {
  for (const row of candidates) {
    const outcome = await row.offer(picked);
    if (outcome !== "other") return outcome;
  }
  // Same key and size, but another content: only the person can say whether it replaces the one that was begun.
  const namesake = candidates.find(({ pending }) => pending.key === key);
  if (namesake === undefined) return "other";
  await namesake.resume(picked);
  return "failed";
}

function createHead(onContinueAll: () => Promise<void>) {
  const title = worded("h2", "pending.title", { id: "pending-title" });
  const continueAll = worded("button", "pending.continueAll", { type: "button", class: "button", hidden: "" });
  continueAll.addEventListener("click", onContinueAll);
  const actions = element("div", { class: "head-actions" }, continueAll);
  return { element: element("div", { class: "section-head" }, title, actions), continueAll };
}

/** Calls the listener when an upload of this page has begun or was removed: what is pending may have changed then. */
function onBegun(uploader: Uploader, listener: () => void): () => void {
  const count = () => uploader.uploads.filter(hasBegun).length;
  let known = count();
  return uploader.subscribe(() => {
    const now = count();
    if (now === known) return;
    known = now;
    listener();
  });
}

/** An unfinished upload counts as this page's once its file is recognised. It then leaves "preparing", or waits for another one. */
function hasBegun({ state }: Upload): boolean {
  if (state.phase !== "queued" && state.phase !== "preparing") return true;
  const reason = state.waiting?.reason;
  return reason === "other-tab" || reason === "same-file";
}
