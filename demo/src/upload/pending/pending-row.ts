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
import { element, setAttribute, setText, setVisible, worded } from "../../elements/element.js";
import { createErrorBox } from "../../elements/error-box.js";
import { fileBadge } from "../../elements/file-badge.js";
import { formatAgo, formatBytes, percent } from "../../words/format.js";
import { type WordKey, words } from "../../words/language.js";
import { wireFileInput } from "../adding/file-control.js";
import { needsWords } from "../upload-words.js";

/** What became of a file that was tried: "other" is another file than the one that was begun. */
export type Tried = "resumed" | "other" | "failed";

export interface PendingRow {
  readonly element: HTMLElement;
  readonly pending: PendingUpload;
  /** It goes on without the file, at once or in a click, as far as is known. */
  readonly canContinue: boolean;
  /** The same upload, listed again; or the language has changed. */
  update(pending: PendingUpload): void;
  /** Goes on, with the file if it had to be picked again. Failures are shown in the row. */
  resume(picked?: PickedFile): Promise<Tried>;
  /** Goes on if this is its file; says nothing if it is another. */
  offer(picked: PickedFile): Promise<Tried>;
}

export interface PendingRowOptions {
  readonly onResumed: (upload: Upload, picked: PickedFile | undefined) => void;
  /** It goes on, or was discarded, or somebody else has it: list anew. */
  readonly onSettled: () => Promise<void>;
  /** The person wants the other file, in place of the one that was begun. */
  readonly onAnew: (picked: PickedFile, key: string) => void;
}

export function createPendingRow(listed: PendingUpload, options: PendingRowOptions): PendingRow {
  let pending = listed;
  let wantsFile = false;
  let refused: PickedFile | null = null;
  let failure: unknown = null;
  const { name, size } = pending.file;

  const bar = element("span", { class: "bar-stored" });
  const stored = element("span", { "data-testid": "pending-stored" });
  const ago = element("span", {});
  const needs = element("p", { class: "pending-needs", "data-testid": "pending-needs" });
  const resume = button("pending.continue", "button button-primary", "pending-continue");
  const input = element("input", { type: "file", class: "visually-hidden", "data-testid": "pending-file" });
  const pickWords = element("span", { class: "pending-pick-name" });
  const pick = element("label", { class: "button button-primary pending-pick" }, input, pickWords);
  const anew = button("pending.anew", "button", "pending-anew");
  const discard = button("pending.discard", "button button-quiet", "pending-discard");
  const errors = createErrorBox("pending");
  const root = element(
    "li",
    { class: "pending-row", tabindex: "-1", "data-testid": "pending", "data-key": pending.key, "aria-label": name },
    fileBadge(name),
    element(
      "div",
      { class: "row-title" },
      element("h3", { class: "row-name", "data-testid": "pending-name", title: pending.key }, name),
      element("p", { class: "facts" }, element("span", {}, formatBytes(size)), stored, ago),
    ),
    element("div", { class: "pending-actions" }, discard, anew, resume, pick),
    element("div", { class: "bar-track", "aria-hidden": "true" }, bar),
    needs,
    errors.element,
  );

  const asksForFile = () => pending.needs === "file" || wantsFile;

  function draw(): void {
    const said = words();
    setAttribute(root, "data-needs", pending.needs);
    setAttribute(root, "data-active", String(pending.active));
    setText(stored, said.pending.stored(formatBytes(pending.storedBytes), percent(pending.storedBytes, size)));
    setText(ago, formatAgo(Date.now() - pending.updatedAt, said.time));
    setText(needs, needsWords(said, { active: pending.active, needs: wantsFile ? "file" : pending.needs }));
    setText(pickWords, said.pending.pick(name));
    setAttribute(resume, "aria-label", said.pending.continueNamed(name));
    setAttribute(anew, "aria-label", said.pending.anewNamed(name));
    setAttribute(discard, "aria-label", said.pending.discardNamed(name));
    bar.style.transform = `scaleX(${size > 0 ? Math.min(1, pending.storedBytes / size) : 0})`;
    setVisible(resume, !pending.active && !asksForFile(), root);
    setVisible(pick, !pending.active && asksForFile(), root);
    setVisible(anew, refused !== null, root);
    setVisible(discard, !pending.active, root);
    errors.draw(failure);
  }

  /** @returns what went wrong, or null */
  async function attempt(act: () => Promise<unknown>): Promise<unknown> {
    setAttribute(root, "aria-busy", "true");
    for (const control of [resume, input, anew, discard]) control.disabled = true;
    try {
      await act();
      return null;
    } catch (error) {
      return error;
    } finally {
      setAttribute(root, "aria-busy", null);
      for (const control of [resume, input, anew, discard]) control.disabled = false;
    }
  }

  async function goOn(picked: PickedFile | undefined, quietly: boolean): Promise<Tried> {
    const error = await attempt(async () => options.onResumed(await pending.resume(picked), picked));
    const code = isUploadError(error) ? error.code : null;
    const isOther = code === "file-changed" && picked !== undefined;
    if (isOther && quietly) return "other";
    failure = error;
    refused = isOther ? picked : null;
    // The kept handle leads to a file that is gone or was edited: the person may know where the right one is.
    if (code === "file-changed" || code === "file-unreadable") wantsFile = true;
    draw();
    if (error === null || code === "locked") await options.onSettled();
    return error === null ? "resumed" : isOther ? "other" : "failed";
  }

  resume.addEventListener("click", () => goOn(undefined, false));
  wireFileInput(input, {
    onPicked: ([picked]) => picked !== undefined && goOn(picked, false),
    onError(error) {
      failure = error;
      draw();
    },
  });
  anew.addEventListener("click", () => {
    if (refused !== null) options.onAnew(refused, pending.key);
    refused = null;
    failure = null;
    draw();
  });
  discard.addEventListener("click", async () => {
    failure = await attempt(() => pending.discard());
    draw();
    if (failure === null) await options.onSettled();
  });
  draw();

  return {
    element: root,
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

function button(key: WordKey, looks: string, testid: string): HTMLButtonElement {
  return worded("button", key, { type: "button", class: looks, "data-testid": testid });
}
