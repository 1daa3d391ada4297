/**
 * What all elements of one uploader share: its list, its sum, what earlier pages left, and what the person is asked. Knows no DOM.
 * The uploader is what uploads; the desk never claims what it does not say.
 */
import type { PickedFile, RequestTrace, Uploader } from "@ossicle/core";
import { createBeginnings } from "./beginnings.js";
import { createCancelling } from "./cancelling.js";
import { type Entry, isHeld, isOver } from "./entries.js";
import { createEntryList } from "./entry-list.js";
import { createFinishedFiles, type FinishedFiles } from "./finished.js";
import { createIntake, type Taken } from "./intake.js";
import { finishedOf, noteParts, noteRetry } from "./look.js";
import { createQuestions, type Question } from "./questions.js";
import type { SameName } from "./same-name.js";
import { defaults, type Settings } from "./settings.js";
import { type Sum, sumUp } from "./sum.js";
import { createUnfinished } from "./unfinished.js";
import type { UnfinishedFile } from "./unfinished-file.js";

export interface Desk {
  readonly uploader: Uploader;
  readonly settings: Settings;
  readonly entries: readonly Entry[];
  readonly sum: Sum;
  readonly unfinished: readonly UnfinishedFile[];
  /** A file whose name is taken, and how many more. */
  readonly question: { readonly open: Question | null; readonly further: number };
  /** An upload of which much is stored, whose cancel has to be confirmed. */
  readonly doubtful: Entry | null;
  /** Files that are being added. */
  readonly adding: number;
  /** Resolves when what earlier pages left is listed, with how many of it go on by themselves. */
  readonly ready: Promise<number>;
  /** While at least one element shows it, the desk follows its uploader. @returns to be called when the element leaves */
  enter(watcher: Watcher): () => void;
  take(files: readonly PickedFile[]): Promise<Taken>;
  answer(answer: SameName, forAll: boolean): void;
  cancel(entry: Entry): void;
  /** Answers whether the doubtful one is cancelled. */
  confirm(cancels: boolean): void;
  undo(entry: Entry): void;
  /** Sends it before all others that wait. */
  toFront(entry: Entry): Promise<void>;
  /** The file was picked again, because it could not be read or is another one. */
  again(entry: Entry, picked: PickedFile): void;
  pauseAll(): void;
  resumeAll(): void;
  /** Tries at once what waits to be tried again. */
  retryNow(): void;
  /** Takes out what is completed or cancelled. */
  clear(): void;
  /** Cancels what is under way, without a question, and takes everything out. */
  empty(): Promise<void>;
  /** Forgets what is kept for later pages, and what earlier ones have kept: for a sign-out. */
  forget(): void;
  /** Later pages list nothing of what is finished; this one does. */
  forgetLater(): void;
  /** A request of this uploader ended. */
  note(trace: RequestTrace): void;
}

export interface Watcher {
  /** Something may have changed. At most ten times a second or so. */
  changed(): void;
  /** An upload came into another phase. */
  phased?(entry: Entry): void;
  show?(entry: Entry): void;
  failed?(error: unknown): void;
}

/** Countdowns change although no upload reports anything: they are drawn so often. */
const tickMs = 500;
const desks = new WeakMap<Uploader, Desk>();

/** The one desk of an uploader. */
export function deskOf(uploader: Uploader): Desk {
  const known = desks.get(uploader);
  if (known !== undefined) return known;
  const desk = createDesk(uploader);
  desks.set(uploader, desk);
  return desk;
}

function createDesk(uploader: Uploader): Desk {
  const settings: Settings = { ...defaults };
  const begunAt = new Map<string, number>();
  const entries = createEntryList(begunAt);
  const watchers = new Set<Watcher>();
  let sum = sumUp([], entries.batch, uploader.progress);
  let adding = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  let kept: FinishedFiles | undefined;
  let ready = Promise.resolve(0);

  const fail = (error: unknown) => {
    for (const watcher of watchers) watcher.failed?.(error);
  };
  const beginnings = createBeginnings(uploader, entries, settings, fail);
  const cancelling = createCancelling(changed);
  const questions = createQuestions(() => settings.sameName, beginnings.carryOut);
  const unfinished = createUnfinished({
    uploader,
    begunAt,
    onChange: changed,
    onResumed: (upload, picked) => entries.know(upload, { picked }),
    onInstead: (picked, key) => void beginnings.begin(picked, key),
  });
  const take = createIntake({
    settings,
    recognise: unfinished.recognise,
    withKey: entries.withKey,
    show(entry) {
      for (const watcher of watchers) watcher.show?.(entry);
    },
    ask: (picked, key, entry) => questions.ask({ picked, key, where: "list", entry }),
    begin: (picked, key) => void beginnings.begin(picked, key),
    onError: fail,
    onBusy(found) {
      adding = found;
      changed();
    },
  });

  /** Known when the first element shows it: the app has said by then whose files they are. */
  function finished(): FinishedFiles {
    kept ??= createFinishedFiles(storage(), `${uploader.urlOf("-")} ${settings.scope}`, () => settings.keepFinished);
    return kept;
  }

  function changed(): void {
    entries.follow(uploader);
    for (const entry of entries.all) {
      noteParts(entry);
      notePhase(entry);
    }
    entries.noteBatch();
    sum = sumUp(entries.all, entries.batch, uploader.progress);
    if (!sum.canPause) questions.forget();
    for (const watcher of watchers) watcher.changed();
    if (watchers.size > 0 && sum.canPause) timer ??= setTimeout(tick, tickMs);
  }

  function tick(): void {
    timer = undefined;
    changed();
  }

  function notePhase(entry: Entry): void {
    const { state, key } = entry.upload;
    if (state.phase === entry.phase) return;
    entry.phase = state.phase;
    entry.stopwatch.note(state.phase);
    if (state.phase === "completed") finished().add(finishedOf(entry, state.result, Date.now()));
    const isTaken = state.phase === "failed" && state.error.code === "already-exists";
    if (isTaken && entry.picked !== undefined && !entry.wasAsked) {
      entry.wasAsked = true;
      questions.ask({ picked: entry.picked, key, where: "bucket", entry });
    }
    for (const watcher of watchers) watcher.phased?.(entry);
  }

  function remove(gone: readonly Entry[]): void {
    entries.remove(gone);
    for (const { upload, isKept } of gone) if (!isKept && uploader.uploads.includes(upload)) uploader.remove(upload);
    changed();
  }

  function start(): void {
    const unfollow = uploader.subscribe(changed);
    entries.keep(finished().all());
    changed();
    ready = unfinished.start();
    ready.catch(fail);
    leave = () => {
      unfollow();
      unfinished.stop();
      clearTimeout(timer);
      timer = undefined;
    };
  }

  return {
    uploader,
    settings,
    get entries() {
      return entries.all;
    },
    get sum() {
      return sum;
    },
    get unfinished() {
      return unfinished.files;
    },
    question: questions,
    get doubtful() {
      return cancelling.doubtful;
    },
    get adding() {
      return adding;
    },
    get ready() {
      return ready;
    },
    enter(watcher) {
      watchers.add(watcher);
      if (watchers.size === 1) start();
      return () => {
        if (watchers.delete(watcher) && watchers.size === 0) leave();
      };
    },
    async take(files) {
      await ready.catch(() => {});
      if (settings.multiple) return await take(files);
      await this.empty();
      return await take(files.slice(0, 1));
    },
    answer(answer, forAll) {
      questions.answer(answer, forAll);
      changed();
    },
    cancel: cancelling.cancel,
    confirm: cancelling.confirm,
    undo: cancelling.undo,
    async toFront(entry) {
      await beginnings.toFront(entry);
      changed();
    },
    again(entry, picked) {
      beginnings.restart(entry, picked, entry.upload.key);
      changed();
    },
    pauseAll() {
      // From the end: a pause frees a connection, and the next in line would start just to be paused as well.
      for (const { upload } of entries.all.toReversed()) if (!isHeld(upload.state.phase)) upload.pause().catch(fail);
    },
    resumeAll() {
      for (const { upload, cancelling: isLeaving } of entries.all) {
        if (isLeaving === null && isHeld(upload.state.phase)) upload.resume();
      }
    },
    retryNow() {
      for (const { upload } of entries.all) upload.retryNow();
    },
    clear() {
      finished().removeAll();
      remove(entries.all.filter(({ upload }) => isOver(upload.state.phase)));
    },
    async empty() {
      const all = entries.all;
      questions.removeAll();
      finished().removeAll();
      await Promise.all(all.filter(({ phase }) => !isOver(phase)).map(({ upload }) => upload.cancel()));
      remove(all);
    },
    forget() {
      finished().removeAll();
      remove(entries.all.filter(({ isKept }) => isKept));
    },
    forgetLater: () => finished().removeAll(),
    note: (trace) => noteRetry(entries.all, trace),
  };
}

/** null where the browser lets the page keep nothing. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
