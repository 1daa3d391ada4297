/** The whole page takes dropped files. While files hover above it the page shows that it would take them. */
import { filesFromDrop, type PickedFile } from "@ossicle/core";

export interface DropTargetOptions {
  readonly onFiles: (files: readonly PickedFile[]) => void;
  readonly onError: (error: unknown) => void;
}

export function acceptDrops(page: HTMLElement, { onFiles, onError }: DropTargetOptions): void {
  // Each element that the pointer crosses sends an enter and a leave. Files hover as long as there were more enters.
  let depth = 0;

  function hover(change: number): void {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    page.classList.toggle("dropping", depth > 0);
  }

  window.addEventListener("dragenter", (event) => {
    if (bringsFiles(event)) hover(1);
  });
  window.addEventListener("dragleave", (event) => {
    if (bringsFiles(event)) hover(-1);
  });
  window.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
  });
  window.addEventListener("drop", (event) => {
    hover(0);
    if (!bringsFiles(event)) return;
    event.preventDefault();
    filesFromDrop(event).then(onFiles, onError);
  });
}

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}
