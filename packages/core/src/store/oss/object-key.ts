/** Which keys an object can have. Page and server use the same check, so that the server signs what the page sends. Pure. */
import { hasControlCharacter } from "../bucket/header-values.js";

const maxBytes = 1023;

/** @returns what is wrong with the key, for a sentence that begins with it; undefined if nothing is wrong */
export function keyProblem(key: unknown): string | undefined {
  if (typeof key !== "string") return `is ${key === null ? "null" : typeof key}, not text`;
  // Before the checks that take longer for longer keys.
  if (key.length > maxBytes) return `has more than ${maxBytes} bytes of UTF-8`;
  // Encoders write U+FFFD for a lone surrogate: the object would get another key than the one asked for.
  if (!isWellFormed(key)) return "has half of a character (a lone surrogate)";
  const bytes = new TextEncoder().encode(key).length;
  if (bytes === 0 || bytes > maxBytes) return `has ${bytes} bytes of UTF-8, allowed are 1–${maxBytes}`;
  if (/^[/\\]/.test(key)) return `begins with "${key[0]}", which the service refuses`;
  // V1 signs the key unencoded, and a line break would end it. XML cannot carry control characters in a listing.
  if (hasControlCharacter(key)) return "has a control character";
  // URL parsers resolve these folders, encoded or not: the request would go to another object. They and some proxies treat a backslash as a
  // slash, so this check does too.
  if (/(^|[/\\])\.\.?([/\\]|$)/.test(key)) return 'has "." or ".." as a folder, which no browser can send';
  return undefined;
}

/** Can UTF-8 encode it? */
export function isWellFormed(text: string): boolean {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
