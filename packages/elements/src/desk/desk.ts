/**
 * What all elements of one uploader share: its list, its sum, what earlier pages left, and what the person is asked. Knows no DOM.
 * The uploader is what uploads; the desk never claims what it does not say.
 */

import type { PickedFile, RequestTrace, Uploader } from "@ossicle/core";
import type { Entry } from "./entries.js";
import type { Taken } from "./intake.js";
import type { Question } from "./questions.js";
import type { SameName } from "./same-name.js";
import type { Settings } from "./settings.js";
import type { Sum } from "./sum.js";
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
  /** Takes what the app says. Another scope has finished files of its own. */
  settle(said: Partial<Settings>): void;
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
