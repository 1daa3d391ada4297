/** The unfinished uploads of earlier pages, from `uploader.pending()`. Listed again when this page or another tab changes them. */
import type { PendingUpload, PickedFile, Upload, Uploader } from "@ossicle/core";
import { createUnfinishedFile, type Tried, type UnfinishedFile } from "./unfinished-file.js";

export interface Unfinished {
  readonly files: readonly UnfinishedFile[];
  /** Lists them, and goes on with those that need nothing from the person. @returns how many go on */
  start(): Promise<number>;
  stop(): void;
  /** Lists them anew, soon. */
  look(): void;
  /**
   * Tries a file on every upload that it may belong to: those of the same size, first those with its key and its name. Only the
   * content decides.
   * @returns "resumed" if it belongs to one; "failed" if that one could not go on, or if the row of its key now asks whether
   * to upload this other file instead; "other" if it belongs to none
   */
  recognise(picked: PickedFile, key: string): Promise<Tried>;
}

export interface UnfinishedOptions {
  readonly uploader: Uploader;
  /** Whether a key is of these elements. Others of the bucket are another element's, and left alone. */
  readonly owns: (key: string) => boolean;
  readonly onResumed: (upload: Upload, picked: PickedFile | undefined) => void;
  /** The person wants to upload another file of the same name, in place of the one that was begun. */
  readonly onInstead: (picked: PickedFile, key: string) => void;
  readonly onChange: () => void;
  /** When each was begun, by its key: the order of the list. */
  readonly begunAt: Map<string, number>;
}

/** Uploads that another tab is sending are listed again after this long: a tab that dies reports nothing. */
const otherTabsMs = 2000;

export function createUnfinished({ uploader, owns, onChange, begunAt, ...options }: UnfinishedOptions): Unfinished {
  let files: readonly UnfinishedFile[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let unfollow = () => {};
  const fileOptions = { ...options, onChange, onSettled: refresh };

  async function refresh(): Promise<void> {
    clearTimeout(timer);
    const listed = (await uploader.pending()).filter(({ key }) => owns(key));
    for (const { key, createdAt } of listed) begunAt.set(key, createdAt);
    const known = new Map(files.map((file) => [file.pending.id, file]));
    files = listed.map((pending) => {
      const file = known.get(pending.id);
      file?.update(pending);
      return file ?? createUnfinishedFile(pending, fileOptions);
    });
    onChange();
    clearTimeout(timer);
    if (isStopped) return;
    if (listed.some(({ active }) => active)) timer = setTimeout(refreshIfSeen, otherTabsMs);
  }

  function refreshIfSeen(): void {
    if (document.visibilityState === "visible") refreshSoon();
  }

  /** Where the list cannot be read there is none to show; what the page adds is not held up by it. */
  function refreshSoon(): void {
    refresh().catch(() => {});
  }

  return {
    get files() {
      return files;
    },
    async start() {
      isStopped = false;
      document.addEventListener("visibilitychange", refreshIfSeen);
      await refresh();
      const before = files.length;
      await Promise.all(files.map(({ pending }) => needsNobody(pending) && goOn(pending)));
      if (isStopped) return 0;
      unfollow = onBegun(uploader, refreshSoon);
      if (before > 0) await refresh();
      return before - files.length;
    },
    stop() {
      isStopped = true;
      unfollow();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", refreshIfSeen);
    },
    look: refreshSoon,
    async recognise(picked, key) {
      const candidates = candidatesFor(files, picked, key);
      for (const file of candidates) {
        const outcome = await file.offer(picked);
        if (outcome !== "other") return outcome;
      }
      // Same key and size, but another content: only the person can say whether it replaces the one that was begun.
      const namesake = candidates.find(({ pending }) => pending.key === key);
      if (namesake === undefined) return "other";
      await namesake.resume(picked);
      return "failed";
    },
  };
}

function needsNobody({ needs, needsCallback, paused, active }: PendingUpload): boolean {
  return needs === "nothing" && !needsCallback && !paused && !active;
}

/** What it fails with, a file that was edited or another tab that was faster, it says again when the person asks for it. */
async function goOn(pending: PendingUpload): Promise<void> {
  await pending.resume().catch(() => {});
}

/** Those that a file may belong to: those of its size, most likely first. Only the content can tell for certain. */
function candidatesFor(files: readonly UnfinishedFile[], { file }: PickedFile, key: string): readonly UnfinishedFile[] {
  const likeness = ({ pending }: UnfinishedFile) =>
    Number(pending.key === key) * 2 + Number(pending.file.name === file.name);
  return (
    files
      .filter(({ pending }) => !pending.active && pending.file.size === file.size)
      // Of a file that was still queued only the size is compared: another file of that size must not go up under its name.
      .filter(({ pending }) => pending.storedBytes > 0 || pending.key === key)
      .sort((one, other) => likeness(other) - likeness(one))
  );
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
