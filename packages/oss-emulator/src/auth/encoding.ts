/** Percent-encoding, as signatures and the `encoding-type=url` listings use it. */

/** Encodes every UTF-8 byte but the unreserved characters, in upper-case hex. `encodeURIComponent` alone leaves `!'()*`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Encodes like `encodeStrictly`, but keeps slashes. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeStrictly).join("/");
}

/** Compares ASCII or Latin-1 strings by their bytes, as signatures sort them, and not by a locale. */
export function byByte(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
