/** How what the network failed is repeated. `retrying.ts` makes it. Types only. */
import type { UploadError } from "../errors.js";
import type { CallOptions } from "./object-store.js";

/**
 * Repeats a call that failed, until it is hopeless or patience ends.
 *
 * @param only which errors are repeated; the others are thrown at once. Default: all
 */
export type Persist = <T>(
  options: CallOptions,
  call: (options: CallOptions) => Promise<T>,
  only?: (error: UploadError) => boolean,
) => Promise<T>;
