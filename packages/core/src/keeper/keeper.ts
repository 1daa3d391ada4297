/**
 * A keeper holds the files of a page that was left, so that the next page goes on without a file picker. It holds references, never
 * content, for minutes. Nothing that matters depends on it: what it forgets the user picks again. Seam. Types only.
 */

/** A file, by the id of the checkpoint or the note that it is of. */
export interface KeptFile {
  readonly id: string;
  readonly file: Blob;
  /** The note itself, of a file that the database has none of: it was queued, and nothing of it was begun. Opaque to keepers. */
  readonly note?: unknown;
}

/** Of one scope. */
export interface Keeper {
  /** Is there something that keeps files, as far as was found out? False until `look()` has found it. */
  readonly isThere: boolean;
  /** Finds out whether there is something that keeps files. Takes a second at most. Never rejects */
  look(): Promise<boolean>;
  /** Leaves files with the keeper. Works while the page unloads: nothing is waited for, and nothing tells whether they arrived. */
  keep(files: readonly KeptFile[]): void;
  /**
   * Takes files back: the keeper holds them on for other pages, but need not stay alive for them any more.
   * @returns those of `ids` that are kept; none where no keeper answers within a second. Never rejects
   */
  kept(ids: readonly string[]): Promise<ReadonlyMap<string, Blob>>;
  /** @returns all files of the scope that have a note. Otherwise as `kept()` */
  queued(): Promise<readonly KeptFile[]>;
  /**
   * Lets go of files, also where `look()` was not called.
   * @param ids default: all files of the scope
   * @returns when the keeper was told. Never rejects
   */
  release(ids?: readonly string[]): Promise<void>;
}
