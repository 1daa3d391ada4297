/** What may be done about a signature that the service refused. Pure. */

/** May the same call be repeated, signed anew: at once, after a rest, or not at all? */
export type Cure = "at once" | "after" | "final";

/**
 * Where something has changed since the request was signed, or may: three attempts. What is refused then is wrong, and the app
 * that hands it out should not be pressed.
 *
 * @param refusals how often the signature of this very call was refused before
 */
export function cureAfter(refusals: number): Cure {
  if (refusals === 0) return "at once";
  return refusals === 1 ? "after" : "final";
}
