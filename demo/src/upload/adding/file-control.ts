/** A file input that looks like a button and, where the browser can, picks with a handle instead. */
import { type PickedFile, pickFiles } from "@ossicle/core";

export interface FileControlOptions {
  readonly onPicked: (files: readonly PickedFile[]) => void;
  readonly onError: (error: unknown) => void;
}

/** @param input stays the control: focus, label and keyboard are the browser's own. */
export function wireFileInput(input: HTMLInputElement, { onPicked, onError }: FileControlOptions): void {
  input.addEventListener("click", (event) => {
    // With a handle the upload goes on after a reload without asking for the file again; an input gives none.
    if (!("showOpenFilePicker" in window)) return;
    event.preventDefault();
    pickFiles({ multiple: input.multiple }).then(onPicked, onError);
  });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // The same file picked twice is a change as well.
    input.value = "";
    onPicked(files.map((file) => ({ file, path: file.name })));
  });
}
