/** Reads ETags of headers and XML elements. Pure. */
import type { ETag } from "../object-store.js";

/** The MD5 of an empty body, as an ETag. */
export const emptyMd5 = "D41D8CD98F00B204E9800998ECF8427E";

/** @returns the ETag without quotes and W/, in upper or lower case as given; undefined if there is none */
export function readETag(given: string | undefined): ETag | undefined {
  const etag = given
    ?.trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
  return etag === undefined || etag === "" ? undefined : (etag as ETag);
}

/** Has it the form of an MD5, as the ETag of a part, or of an object put by one request, has? It need not be one. */
export function isMd5(etag: string): boolean {
  return /^[0-9A-F]{32}$/i.test(etag);
}

/** Is it the ETag of an empty body? */
export function isMd5OfNothing(etag: string): boolean {
  return etag.toUpperCase() === emptyMd5;
}
