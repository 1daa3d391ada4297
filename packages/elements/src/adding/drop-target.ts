/** An element, or the whole window, takes dropped files. While files hover above it is shown that it would take them. */
import { filesFromDrop, type LeftOutReason, type PickedFile } from "@ossicle/core";

export interface DropTargetOptions {
  /** Of the moment: nothing is taken while it says false. */
  readonly isOpen: () => boolean;
  readonly onHover: (hovers: boolean) => void;
  readonly onFiles: (files: readonly PickedFile[]) => void;
  readonly onLeftOut: (path: string, reason: LeftOutReason) => void;
}

/** @returns stops taking them */
export function acceptDrops(target: EventTarget, options: DropTargetOptions): () => void {
  const { isOpen, onHover, onFiles, onLeftOut } = options;
  // Each element that the pointer crosses sends an enter and a leave. Files hover as long as there were more enters.
  let depth = 0;
  const listening = new AbortController();

  function on(type: string, act: (event: DragEvent) => void): void {
    const listener = (event: Event) => {
      if (event instanceof DragEvent && bringsFiles(event) && isOpen()) act(event);
    };
    target.addEventListener(type, listener, { signal: listening.signal });
  }

  function hover(change: number): void {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    onHover(depth > 0);
  }

  on("dragenter", () => hover(1));
  on("dragleave", () => hover(-1));
  on("dragover", (event) => {
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
  });
  on("drop", (event) => {
    hover(0);
    event.preventDefault();
    filesFromDrop(event, { onLeftOut }).then(onFiles);
  });
  return () => {
    hover(0);
    listening.abort();
  };
}

function bringsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}
