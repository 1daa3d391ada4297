/** Where progress survives. Seam: the library ships IndexedDB and memory; an app may bring its own. Law 4. */

/** One head record per upload and one record per stored part, so that a part costs the same at 3 as at 10,000. */
export interface CheckpointStore {
  load(id: string): Promise<{ readonly head: unknown; readonly parts: readonly unknown[] } | undefined>;
  /** Resolves only when it would survive a power cut. */
  begin(id: string, head: unknown): Promise<void>;
  addPart(id: string, partNumber: number, part: unknown): Promise<void>;
  updateHead(id: string, head: unknown): Promise<void>;
  remove(id: string): Promise<void>;
  list(): Promise<readonly { readonly id: string; readonly head: unknown; readonly storedParts: number }[]>;
}
