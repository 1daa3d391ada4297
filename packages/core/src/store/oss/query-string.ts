/** Query strings in the form in which they are signed and sent. Pure. */
import { encode } from "../bucket/percent-encoding.js";

/**
 * Sorts by the encoded name in byte order, and writes an empty value without "=". The same text is signed and sent, so the two cannot
 * differ. `localeCompare` would misorder names in mixed case (ali-oss 6.23.0 does).
 */
export function queryString(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .join("&");
}
