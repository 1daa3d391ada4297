/** Takes pasted files: those copied in a file manager, or a picture from the clipboard. */
import type { PickedFile } from "@ossicle/core";

/** @returns stops taking them */
export function acceptPastes(
  target: EventTarget,
  isOpen: () => boolean,
  onFiles: (files: readonly PickedFile[]) => void,
): () => void {
  const listener = (event: Event) => {
    const files = event instanceof ClipboardEvent ? [...(event.clipboardData?.files ?? [])] : [];
    if (files.length === 0 || !isOpen()) return;
    event.preventDefault();
    onFiles(files.map((file) => ({ file, path: pastedName(file.name, new Date(file.lastModified)) })));
  };
  target.addEventListener("paste", listener);
  return () => target.removeEventListener("paste", listener);
}

/** Browsers call every picture from the clipboard "image.png": a time makes them differ. */
export function pastedName(name: string, at: Date): string {
  if (!/^image\.\w+$/.test(name)) return name;
  const moment = at.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return `pasted ${moment}${name.slice("image".length)}`;
}
