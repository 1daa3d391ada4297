/**
 * One unfinished upload of an earlier page: what is stored, what it needs, and the way to go on.
 *
 * For tests: the row is a list item [data-testid=pending] with data-key, data-needs ("nothing", "permission", "file") and
 * data-active ("true" while another tab is sending it). Inside: button "Continue <name>" ([data-testid=pending-continue]), or a
 * file input labelled "Pick <name> again" ([data-testid=pending-file]); button "Discard <name>" ([data-testid=pending-discard]);
 * button "Upload <name> anew" ([data-testid=pending-anew]) once another file of the same name was given; and the texts
 * [data-testid=pending-name], pending-stored, pending-needs, pending-error, pending-hint.
 */
import { isUploadError, type PendingUpload, type PickedFile, type Upload } from "@ossicle/core";
import { wireFileInput } from "../adding/file-control.js";
import { createPendingView } from "./pending-view.js";

/** What came of trying to go on: "other" means that the file given is not the one that was begun. */
export type Tried = "resumed" | "other" | "failed";

export interface PendingRow {
  readonly element: HTMLElement;
  readonly pending: PendingUpload;
  /** As far as is known it can go on without its file being picked again, at once or after one click. */
  readonly canContinue: boolean;
  /** Call it with the upload as it is listed now, and when the language has changed. */
  update(pending: PendingUpload): void;
  /** Goes on, with the file if it had to be picked again. The row shows a failure. */
  resume(picked?: PickedFile): Promise<Tried>;
  /** Goes on if this is its file. If it is another file, the row shows nothing. */
  offer(picked: PickedFile): Promise<Tried>;
}

export interface PendingRowOptions {
  readonly onResumed: (upload: Upload, picked: PickedFile | undefined) => void;
  /** It goes on, or was discarded, or another tab has it: list the unfinished uploads again. */
  readonly onSettled: () => Promise<void>;
  /** The person wants to upload the other file, in place of the one that was begun. */
  readonly onAnew: (picked: PickedFile, key: string) => void;
}

export function createPendingRow(listed: PendingUpload, options: PendingRowOptions): PendingRow {
  let pending = listed;
  let wantsFile = false;
  let refused: PickedFile | null = null;
  let failure: unknown = null;
  const view = createPendingView(listed);

  const asksForFile = () => pending.needs === "file" || wantsFile;
  const draw = () => {
    view.draw({ pending, asksForFile: asksForFile(), offersAnew: refused !== null, failure });
  };

  async function goOn(picked: PickedFile | undefined, quietly: boolean): Promise<Tried> {
    const error = await view.whileBusy(async () => options.onResumed(await pending.resume(picked), picked));
    const code = isUploadError(error) ? error.code : null;
    const isOther = code === "file-changed" && picked !== undefined;
    if (isOther && quietly) return "other";
    failure = error;
    refused = isOther ? picked : null;
    // The kept handle leads to a file that is gone or was edited. The person may know where the right one is.
    if (code === "file-changed" || code === "file-unreadable") wantsFile = true;
    draw();
    if (error === null || code === "locked") await options.onSettled();
    return error === null ? "resumed" : isOther ? "other" : "failed";
  }

  view.resume.addEventListener("click", () => goOn(undefined, false));
  wireFileInput(view.input, {
    onPicked: ([picked]) => picked !== undefined && goOn(picked, false),
    onError(error) {
      failure = error;
      draw();
    },
  });
  view.anew.addEventListener("click", () => {
    if (refused !== null) options.onAnew(refused, pending.key);
    refused = null;
    failure = null;
    draw();
  });
  view.discard.addEventListener("click", async () => {
    failure = await view.whileBusy(() => pending.discard());
    draw();
    if (failure === null) await options.onSettled();
  });
  draw();

  return {
    element: view.element,
    get pending() {
      return pending;
    },
    get canContinue() {
      return !pending.active && !asksForFile();
    },
    update(again) {
      pending = again;
      draw();
    },
    resume: (picked) => goOn(picked, false),
    offer: (picked) => goOn(picked, true),
  };
}
