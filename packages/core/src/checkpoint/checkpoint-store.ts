/**
 * Where progress survives. Seam: the library ships IndexedDB and memory; an app may bring its own. Law 4.
 * The same contract suite runs against each of them: `test/contracts/checkpoint-store.contract.ts`.
 */

/**
 * One head record per upload and one record per stored part, so that a part costs the same at 3 as at 10,000. Records are
 * structured-cloneable values that only the uploader understands; a head may hold a `FileSystemFileHandle`.
 */
export interface CheckpointStore {
  /** Head and parts (in any order) as they were written; undefined when there is no head. */
  load(id: string): Promise<{ readonly head: unknown; readonly parts: readonly unknown[] } | undefined>;
  /** Replaces whatever is there, parts included, in one step. Resolves only when it would survive a power cut. */
  begin(id: string, head: unknown): Promise<void>;
  /** May be lost in a power cut, never by a crash of the page or the browser. @throws as `updateHead` does, without a head */
  addPart(id: string, partNumber: number, part: unknown): Promise<void>;
  /**
   * Replaces the head and leaves the parts. Resolves only when it would survive a power cut.
   * @throws DOMException "NotFoundError" without a head, and writes nothing: so the page learns that its storage was cleared
   */
  updateHead(id: string, head: unknown): Promise<void>;
  /** Head and parts, in one step. What is not there is success. */
  remove(id: string): Promise<void>;
  list(): Promise<readonly { readonly id: string; readonly head: unknown; readonly storedParts: number }[]>;
}

/** What `addPart` and `updateHead` reject with when there is no head. */
export function noHead(): DOMException {
  return new DOMException("There is no head record of this upload", "NotFoundError");
}

export function isNoHead(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotFoundError";
}
