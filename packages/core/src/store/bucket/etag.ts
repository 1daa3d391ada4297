/** ETags as services write them: of a header or an element. Pure. */
import type { ETag } from "../object-store.js";

/** The MD5 of no bytes, as an ETag. */
export const emptyMd5 = "D41D8CD98F00B204E9800998ECF8427E";

/** Its quotes go, its letters stay. */
export function readETag(given: string | undefined): ETag | undefined {
  const etag = given
    ?.trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
  return etag === undefined || etag === "" ? undefined : (etag as ETag);
}

/** As the ETag of a part, or of an object put whole, is written, whether or not it is an MD5. */
export function isMd5(etag: string): boolean {
  return /^[0-9A-F]{32}$/i.test(etag);
}

/** The ETag of an empty object. */
export function isMd5OfNothing(etag: string): boolean {
  return etag.toUpperCase() === emptyMd5;
}
