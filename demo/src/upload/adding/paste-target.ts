/** Files that are pasted: from a file manager, or a picture from the clipboard. */
import type { PickedFile } from "@ossicle/core";

export function acceptPastes(onFiles: (files: readonly PickedFile[]) => void): void {
  window.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files.map((file) => ({ file, path: pastedName(file.name, new Date(file.lastModified)) })));
  });
}

/** Every picture of a clipboard is called "image.png": under one key each would replace the last. */
export function pastedName(name: string, at: Date): string {
  if (!/^image\.\w+$/.test(name)) return name;
  const moment = at.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return `pasted ${moment}${name.slice("image".length)}`;
}
