/** One unfinished upload of an earlier page: what it needs, what went wrong, and the ways to go on. Knows no DOM. */
import { isUploadError, type PendingUpload, type PickedFile, type Upload } from "@ossicle/core";

/** What came of trying to go on: "other" means that the file given is not the one that was begun. */
export type Tried = "resumed" | "other" | "failed";

export interface UnfinishedFile {
  readonly pending: PendingUpload;
  /** Only the file, picked again, lets it go on. */
  readonly asksForFile: boolean;
  /** As far as is known it can go on without its file being picked again, at once or after one click. */
  readonly canContinue: boolean;
  /** Another file of the same name was given: `instead()` uploads it. */
  readonly canReplace: boolean;
  /** What went wrong last, or null. */
  readonly failure: unknown;
  readonly isBusy: boolean;
  /** Call it with the upload as it is listed now. */
  update(pending: PendingUpload): void;
  /** Goes on, with the file if it had to be picked again. A failure is kept. */
  resume(picked?: PickedFile): Promise<Tried>;
  /** Goes on if this is its file. If it is another file, nothing is kept. */
  offer(picked: PickedFile): Promise<Tried>;
  discard(): Promise<void>;
  /** Discards what was begun, and uploads the other file under its name. A failure is kept, and nothing is uploaded. */
  instead(): Promise<void>;
  /** Something else went wrong, such as a picker. */
  fail(error: unknown): void;
}

export interface UnfinishedFileOptions {
  readonly onResumed: (upload: Upload, picked: PickedFile | undefined) => void;
  readonly onInstead: (picked: PickedFile, key: string) => void;
  readonly onChange: () => void;
  /** It goes on, or was discarded, or another tab has it: list the unfinished uploads again. */
  readonly onSettled: () => Promise<void>;
}

export function createUnfinishedFile(listed: PendingUpload, options: UnfinishedFileOptions): UnfinishedFile {
  let pending = listed;
  let wantsFile = false;
  let refused: PickedFile | null = null;
  let failure: unknown = null;
  let isBusy = false;

  const asksForFile = () => pending.needs === "file" || wantsFile;

  /** @returns what `act` was rejected with, or null */
  async function whileBusy(act: () => Promise<unknown>): Promise<unknown> {
    isBusy = true;
    options.onChange();
    try {
      await act();
      return null;
    } catch (error) {
      return error;
    } finally {
      isBusy = false;
    }
  }

  async function goOn(picked: PickedFile | undefined, quietly: boolean): Promise<Tried> {
    const error = await whileBusy(async () => options.onResumed(await pending.resume(picked), picked));
    const code = isUploadError(error) ? error.code : null;
    const isOther = code === "file-changed" && picked !== undefined;
    if (!(isOther && quietly)) {
      failure = error;
      refused = isOther ? picked : null;
      // The kept handle leads to a file that is gone or was edited. The person may know where the right one is.
      if (code === "file-changed" || code === "file-unreadable") wantsFile = true;
    }
    options.onChange();
    if (error === null || code === "locked") await options.onSettled();
    return error === null ? "resumed" : isOther ? "other" : "failed";
  }

  return {
    get pending() {
      return pending;
    },
    get asksForFile() {
      return asksForFile();
    },
    get canContinue() {
      return !pending.active && !asksForFile();
    },
    get canReplace() {
      return refused !== null;
    },
    get failure() {
      return failure;
    },
    get isBusy() {
      return isBusy;
    },
    update(again) {
      pending = again;
    },
    resume: (picked) => goOn(picked, false),
    offer: (picked) => goOn(picked, true),
    async discard() {
      failure = await whileBusy(() => pending.discard());
      options.onChange();
      if (failure === null) await options.onSettled();
    },
    async instead() {
      const picked = refused;
      if (picked === null || isBusy) return;
      failure = await whileBusy(() => pending.discard());
      if (failure === null) {
        refused = null;
        options.onInstead(picked, pending.key);
      }
      options.onChange();
      if (failure === null) await options.onSettled();
    },
    fail(error) {
      failure = error;
      options.onChange();
    },
  };
}
