/** A store that can be made again in another thread, which outlives the page. Types only. */

/** Survives structured clone. It may hold a token: it is handed from thread to thread, and never written down. */
export interface PortableStore {
  /** The adapter's `kind`, which knows what to make of it. */
  readonly kind: string;
  readonly made: unknown;
}
