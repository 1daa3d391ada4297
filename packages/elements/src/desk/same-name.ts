/** Names that are taken: finds a free one beside it, as desktops do. Pure. */

/** What shall become of a file whose name is taken. */
export type SameName = "both" | "replace" | "skip";

/**
 * @param isTaken whether a key is used already
 * @returns "a/photo (2).jpg" for "a/photo.jpg"
 */
export function freeKey(key: string, isTaken: (key: string) => boolean): string {
  const slash = key.lastIndexOf("/");
  const dot = key.lastIndexOf(".");
  // ".profile" has no ending, and a dot in a folder's name ends no file.
  const at = dot > slash + 1 ? dot : key.length;
  for (let number = 2; ; number += 1) {
    const candidate = `${key.slice(0, at)} (${number})${key.slice(at)}`;
    if (!isTaken(candidate)) return candidate;
  }
}
