/** Links that lead back to a folder above them. No browser says what is a link, so loops are known by what they show. */
import { isFolder, listFolder, type Place } from "./list-folder.js";

export interface Folder {
  readonly place: Place;
  readonly children: readonly Place[];
}

/** Real folders that repeat themselves this often, one within the other, are not worth a wait without end. */
const rounds = 8;

/**
 * A folder that lists the same names as one above it may be a copy. It is the same one when the way from there to here can be
 * gone again and again, and always shows these names.
 */
export async function leadsBack(folder: Folder, above: readonly Folder[]): Promise<boolean> {
  const shown = namesIn(folder.children);
  for (const [index, other] of above.entries()) {
    if (namesIn(other.children) !== shown) continue;
    const way = [...above.slice(index + 1), folder].map(({ place }) => place.name);
    if (await repeats(folder.children, way, shown)) return true;
  }
  return false;
}

async function repeats(from: readonly Place[], way: readonly string[], shown: string): Promise<boolean> {
  let children = from;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of way) {
      const next = children.find((child) => child.name === name && isFolder(child));
      if (next === undefined) return false;
      children = await listFolder(next, () => {});
    }
    if (namesIn(children) !== shown) return false;
  }
  return true;
}

function namesIn(children: readonly Place[]): string {
  return JSON.stringify(children.map((child) => [child.name, isFolder(child)]));
}
