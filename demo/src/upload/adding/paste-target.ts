/** Takes pasted files: those copied in a file manager, or a picture from the clipboard. */
import type { PickedFile } from "@ossicle/core";

export function acceptPastes(onFiles: (files: readonly PickedFile[]) => void): void {
  window.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files.map((file) => ({ file, path: pastedName(file.name, new Date(file.lastModified)) })));
  });
}

/** Browsers call every picture from the clipboard "image.png". Under one key each would replace the last: a time makes them differ. */
export function pastedName(name: string, at: Date): string {
  if (!/^image\.\w+$/.test(name)) return name;
  const moment = at.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return `pasted ${moment}${name.slice("image".length)}`;
}
