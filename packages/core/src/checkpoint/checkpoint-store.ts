/**
 * Where progress is kept. Seam: the library ships IndexedDB and memory; an app may bring its own. Law: the checkpoint outlives what it
 * points at.
 * The same contract suite runs against each of them: `test/contracts/checkpoint-store.contract.ts`.
 */

/**
 * One head record per upload and one record per stored part, so that a part costs the same at 3 as at 10,000. Records are
 * structured-cloneable values that only the uploader understands, and come back unchanged: the order of names, undefined, dates, bytes. A
 * head may hold a `FileSystemFileHandle`; a store that cannot keep it leaves it out.
 *
 * A store belongs to one profile of a browser: the lock that keeps two pages apart does not reach another device. A call that is silent
 * for ten seconds counts as failed; the upload then goes on, and is no longer `resumable`.
 */
export interface CheckpointStore {
  /** @returns head and parts as they were written, the parts in any order; undefined without a head */
  load(id: string): Promise<{ readonly head: unknown; readonly parts: readonly unknown[] } | undefined>;
  /** Replaces any head and parts of this id by the new head, in one step. Resolves only when it would survive a power cut. */
  begin(id: string, head: unknown): Promise<void>;
  /**
   * Writes or replaces one part. It may be lost in a power cut, but never in a crash of the page or the browser.
   * @throws DOMException "NotFoundError" without a head, and writes nothing
   */
  addPart(id: string, partNumber: number, part: unknown): Promise<void>;
  /**
   * Replaces the head and leaves the parts. Resolves only when it would survive a power cut.
   * @throws DOMException "NotFoundError" without a head, and writes nothing. It tells the page that its storage was cleared
   */
  updateHead(id: string, head: unknown): Promise<void>;
  /** Removes head and parts in one step. Succeeds if there are none. */
  remove(id: string): Promise<void>;
  /** @returns every head, in any order, with the number of its parts */
  list(): Promise<readonly { readonly id: string; readonly head: unknown; readonly storedParts: number }[]>;
}

/** The checkpoints as runs see them: in memory as well, so that an upload outlives its database. */
export interface Checkpoints extends CheckpointStore {
  /**
   * @param how "look": without the lock. What the database has no more, because another tab has just removed it, is neither found nor
   *   written to it again
   */
  load(id: string, how?: "look"): ReturnType<CheckpointStore["load"]>;
}

/** The error that `addPart` and `updateHead` reject with when there is no head. A store of an app's own makes the same. */
export function noHead(): DOMException {
  return new DOMException("There is no head record of this upload", "NotFoundError");
}

export function isNoHead(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotFoundError";
}
