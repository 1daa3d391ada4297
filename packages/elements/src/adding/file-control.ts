/** A file input. Where the browser can, it opens the picker that gives handles instead of its own dialog. */
import { type PickedFile, pickFiles } from "@ossicle/core";

export interface FileControlOptions {
  readonly onPicked: (files: readonly PickedFile[]) => void;
  readonly onError: (error: unknown) => void;
}

/** @param input stays the control, so that focus, label and keyboard work as the browser has them */
export function wireFileInput(input: HTMLInputElement, { onPicked, onError }: FileControlOptions): void {
  input.addEventListener("click", (event) => {
    // With a handle an upload goes on after a reload without the file being picked again. An input gives no handle.
    if (!("showOpenFilePicker" in window)) return;
    event.preventDefault();
    pickFiles({ multiple: input.multiple, accept: input.accept }).then(onPicked, onError);
  });
  input.addEventListener("change", (event) => {
    // The change of what is inside is not the change of the element around it.
    event.stopPropagation();
    const files = [...(input.files ?? [])];
    // Without this, picking the same file twice would be no change.
    input.value = "";
    onPicked(files.map((file) => ({ file, path: file.name })));
  });
}
