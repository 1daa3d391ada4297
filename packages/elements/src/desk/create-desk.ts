/** Makes the desk of an uploader, once. */
import type { Uploader } from "@ossicle/core";
import { createBeginnings } from "./beginnings.js";
import { createCancelling } from "./cancelling.js";
import type { Desk, Watcher } from "./desk.js";
import { type Entry, isHeld, isOver } from "./entries.js";
import { createEntryList } from "./entry-list.js";
import { createFinishedFiles } from "./finished.js";
import { createIntake } from "./intake.js";
import { finishedOf, noteParts, noteRetry } from "./look.js";
import { createOneFile } from "./one-file.js";
import { createOutage } from "./outage.js";
import { createQuestions } from "./questions.js";
import { defaults, type Settings } from "./settings.js";
import { sumUp } from "./sum.js";
import { createUnfinished } from "./unfinished.js";

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
  const asShown = createOutage();
  let adding = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  let ready = Promise.resolve(0);

  const fail = (error: unknown) => {
    for (const watcher of watchers) watcher.failed?.(error);
  };
  const owns = (key: string) => key.startsWith(settings.keyPrefix);
  const place = () => `${uploader.urlOf("-")} ${JSON.stringify([settings.scope, settings.keyPrefix])}`;
  const finished = createFinishedFiles(storage(), place, () => settings.keepFinished);
  const beginnings = createBeginnings(uploader, entries, settings, fail);
  const cancelling = createCancelling(changed);
  const questions = createQuestions(() => settings.sameName, beginnings.carryOut);
  const owned = () => entries.all.filter(({ upload }) => owns(upload.key));
  const { mayCancel } = cancelling;
  const oneFile = createOneFile({ entries: owned, mayCancel, begin: beginnings.begin, drop });
  const unfinished = createUnfinished({
    uploader,
    owns,
    begunAt,
    onChange: changed,
    onResumed: (upload, picked) => entries.know(upload, { picked }),
    onInstead(picked, key) {
      if (settings.multiple) beginnings.begin(picked, key);
      else oneFile.replace(picked, key).catch(fail);
    },
  });
  const take = createIntake({
    settings,
    recognise: unfinished.recognise,
    withKey: entries.withKey,
    show(entry) {
      for (const watcher of watchers) watcher.show?.(entry);
    },
    undo: cancelling.undo,
    ask: (picked, key, entry) => questions.ask({ picked, key, where: "list", entry }),
    begin: (picked, key) => void beginnings.begin(picked, key),
    oneFile,
    onError: fail,
    onBusy(found) {
      adding = found;
      changed();
    },
  });

  function changed(): void {
    entries.follow(uploader);
    for (const entry of entries.all) {
      noteParts(entry);
      notePhase(entry);
    }
    entries.noteBatch();
    sum = asShown(sumUp(entries.all, entries.batch, uploader.progress));
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
    if (state.phase === "completed") finished.add(finishedOf(entry, state.result, Date.now()));
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

  async function drop(gone: readonly Entry[]): Promise<void> {
    questions.removeAll();
    finished.removeAll();
    await Promise.all(gone.filter(({ phase }) => !isOver(phase)).map(({ upload }) => upload.cancel()));
    remove(gone);
  }

  function start(): void {
    const unfollow = uploader.subscribe(changed);
    entries.keep(finished.all());
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
    settle(said) {
      const before = place();
      Object.assign(settings, said);
      if (watchers.size === 0 || place() === before) return;
      // What was listed may be another user's, or another element's.
      entries.remove(entries.all.filter(({ isKept }) => isKept));
      entries.keep(finished.all());
      changed();
      unfinished.look();
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
      return await take(files);
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
      finished.removeAll();
      remove(entries.all.filter(({ upload }) => isOver(upload.state.phase)));
    },
    async empty() {
      cancelling.confirm(false);
      await drop(owned());
    },
    forget() {
      finished.removeAll();
      remove(entries.all.filter(({ isKept }) => isKept));
    },
    forgetLater: () => finished.removeAll(),
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
