/** One file of a folder that cannot be opened is no reason to lose the others, but it has to be said. */
export function leaveOut(path: string, error: unknown): undefined {
  console.warn(`Ossicle: ${path} cannot be read and is left out: ${String(error)}`);
}
