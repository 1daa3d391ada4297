/** What is kept of a queued file that has a handle. Types only. */
import type { FileInfo } from "./api/upload.js";
import type { ObjectTarget } from "./store/object-store.js";

/**
 * A note: the record of a queued file that has a handle, of which nothing was sent yet. It is a head without an upload id, under an id
 * of its own, because the content of a file that waits is not known.
 */
export interface Note {
  /** The store's `location`. */
  readonly location: string;
  readonly scope: string;
  /** Without the callback: its URL and variables may be secrets, which are not written down. */
  readonly target: Omit<ObjectTarget, "callback">;
  /** True if it was queued with a callback: it never goes up without one. */
  readonly needsCallback: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** True if the user paused it, and no page has gone on with it since. */
  readonly paused: boolean;
  /** Of a bare handle, which is not opened before its turn, the name alone. */
  readonly file: FileInfo;
  /**
   * A time by the store's clock, just before the whole file was first sent in one request. undefined if it was not, or the page could
   * not read the store's time. Flushed before the request.
   */
  readonly puttingSince?: number | undefined;
}
