/** Whether a request whose signature was refused should be repeated. Pure. */

/** When the same call may be repeated, signed anew: at once, after a pause, or never. */
export type Cure = "at once" | "after" | "final";

/**
 * For a call that may succeed with another signature: three attempts. If the third is refused too, the key or the signature is wrong, and
 * asking the app for more would not help.
 *
 * @param refusals how often a signature of this call was refused before
 */
export function cureAfter(refusals: number): Cure {
  if (refusals === 0) return "at once";
  return refusals === 1 ? "after" : "final";
}
