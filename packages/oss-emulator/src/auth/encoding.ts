/** Percent-encoding as both signatures and the `encoding-type=url` listings use it. */

/** Every UTF-8 byte but the unreserved ones, upper-case hex. `encodeURIComponent` alone leaves `!'()*`. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As `encodeStrictly`, with slashes kept: for paths. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeStrictly).join("/");
}

/** Byte order of the ASCII (or Latin-1) strings that signatures sort; never a locale's order. */
export function byByte(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
