/**
 * One unfinished upload of an earlier page: what is stored, what it needs, and the way to go on.
 *
 * For tests: the row is a list item [data-testid=pending] with data-key, data-needs ("nothing", "permission", "file") and
 * data-active ("true" while another tab is sending it). Inside: button "Continue <name>" ([data-testid=pending-continue]), or a
 * file input labelled "Pick <name> again" ([data-testid=pending-file]); button "Discard <name>" ([data-testid=pending-discard]);
 * button "Upload <name> anew" ([data-testid=pending-anew]) once another file of the same name was given; and the texts
 * [data-testid=pending-name], pending-stored, pending-needs, pending-error, pending-hint.
 */
import { isUploadError, type PendingUpload, type PickedFile } from "@ossicle/core";
import { element, setAttribute, setText, setVisible } from "./element.js";
import { createErrorBox } from "./error-box.js";
import { fileBadge } from "./file-badge.js";
import { wireFileInput } from "./file-control.js";
import { formatAgo, formatBytes, percent } from "./format.js";
import { needsWords } from "./words.js";

export interface PendingRow {
  readonly element: HTMLElement;
  /** The same upload, listed again. */
  update(pending: PendingUpload): void;
  /** Goes on, with the file if it had to be picked again. Failures are shown in the row. */
  resume(picked?: PickedFile): Promise<void>;
}

export interface PendingRowOptions {
  /** It goes on, or was discarded, or somebody else has it: list anew. */
  readonly onSettled: () => Promise<void>;
  /** The person wants the other file, in place of the one that was begun. */
  readonly onAnew: (picked: PickedFile, key: string) => void;
}

export function createPendingRow(first: PendingUpload, { onSettled, onAnew }: PendingRowOptions): PendingRow {
  let pending = first;
  let wantsFile = false;
  let refused: PickedFile | null = null;
  const { name, size } = first.file;

  const bar = element("span", { class: "bar-stored" });
  const stored = element("span", { "data-testid": "pending-stored" });
  const ago = element("span", {});
  const needs = element("p", { class: "pending-needs", "data-testid": "pending-needs" });
  const resume = button("Continue", `Continue ${name}`, "button button-primary", "pending-continue");
  const input = element("input", { type: "file", class: "visually-hidden", "data-testid": "pending-file" });
  const pick = element(
    "label",
    { class: "button button-primary pending-pick" },
    input,
    "Pick ",
    element("span", { class: "pending-pick-name" }, name),
    " again",
  );
  const anew = button("Upload it anew", `Upload ${name} anew`, "button", "pending-anew");
  const discard = button("Discard", `Discard ${name}`, "button button-quiet", "pending-discard");
  const errors = createErrorBox("pending");
  const root = element(
    "li",
    { class: "row row-pending", tabindex: "-1", "data-testid": "pending", "data-key": first.key, "aria-label": name },
    fileBadge(name),
    element(
      "div",
      { class: "row-title" },
      element("h3", { class: "row-name", "data-testid": "pending-name", title: first.key }, name),
      element("p", { class: "facts row-status" }, element("span", {}, formatBytes(size)), stored, ago),
    ),
    element("div", { class: "row-actions" }, resume, pick, anew, discard),
    element("div", { class: "bar" }, element("div", { class: "bar-track", "aria-hidden": "true" }, bar)),
    needs,
    errors.element,
  );

  function draw(): void {
    const asksForFile = pending.needs === "file" || wantsFile;
    setAttribute(root, "data-needs", pending.needs);
    setAttribute(root, "data-active", String(pending.active));
    setText(stored, `${formatBytes(pending.storedBytes)} stored (${percent(pending.storedBytes, size)} %)`);
    setText(ago, formatAgo(Date.now() - pending.updatedAt));
    setText(needs, needsWords(pending));
    bar.style.transform = `scaleX(${size > 0 ? Math.min(1, pending.storedBytes / size) : 0})`;
    setVisible(resume, !pending.active && !asksForFile, root);
    setVisible(pick, !pending.active && asksForFile, root);
    setVisible(anew, refused !== null, root);
    setVisible(discard, !pending.active, root);
  }

  async function attempt(act: () => Promise<unknown>): Promise<unknown> {
    setAttribute(root, "aria-busy", "true");
    for (const control of [resume, input, anew, discard]) control.disabled = true;
    try {
      await act();
      errors.draw(null);
      return null;
    } catch (error) {
      errors.draw(error);
      return error;
    } finally {
      setAttribute(root, "aria-busy", null);
      for (const control of [resume, input, anew, discard]) control.disabled = false;
    }
  }

  async function goOn(picked?: PickedFile): Promise<void> {
    const error = await attempt(() => pending.resume(picked));
    const code = isUploadError(error) ? error.code : null;
    refused = code === "file-changed" && picked !== undefined ? picked : null;
    // The kept handle leads to a file that is gone or was edited: the person may know where the right one is.
    if (code === "file-changed" || code === "file-unreadable") wantsFile = true;
    draw();
    if (error === null || code === "locked") await onSettled();
  }

  resume.addEventListener("click", () => goOn());
  wireFileInput(input, {
    onPicked: ([picked]) => picked !== undefined && goOn(picked),
    onError: (error) => errors.draw(error),
  });
  anew.addEventListener("click", () => {
    if (refused !== null) onAnew(refused, pending.key);
    refused = null;
    errors.draw(null);
    draw();
  });
  discard.addEventListener("click", async () => {
    if ((await attempt(() => pending.discard())) === null) await onSettled();
  });
  draw();

  return {
    element: root,
    update(listed) {
      pending = listed;
      draw();
    },
    resume: goOn,
  };
}

function button(words: string, label: string, looks: string, testid: string): HTMLButtonElement {
  return element("button", { type: "button", class: looks, "aria-label": label, "data-testid": testid }, words);
}
