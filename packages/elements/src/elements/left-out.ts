/** Says which of the files that were given are not taken. */
import type { Taken } from "../desk/intake.js";
import type { Words } from "../words/en.js";

/** @param unreadable paths of what could not be read @returns a sentence for each reason */
export function leftOutWords(
  { add }: Words,
  { system, ofOtherType }: Taken,
  unreadable: readonly string[],
): readonly string[] {
  const reasons = [
    [system, add.leftOut],
    [ofOtherType, add.wrongType],
    [unreadable, add.unreadable],
  ] as const;
  return reasons.flatMap(([paths, say]) => (paths.length > 0 ? [say(paths.length, named(paths))] : []));
}

/** The first few names, without their folders. */
function named(paths: readonly string[]): string {
  const names = [...new Set(paths.map((path) => path.slice(path.lastIndexOf("/") + 1)))];
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} …` : names.join(", ");
}
