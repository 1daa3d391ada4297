/** What may be the name of an object. Page and server ask the same question, so that what one sends the other signs. Pure. */
import { hasControlCharacter } from "../bucket/header-values.js";

const maxBytes = 1023;

/** @returns what is wrong with it, for a sentence that begins with the key; undefined when nothing is */
export function keyProblem(key: unknown): string | undefined {
  if (typeof key !== "string") return `is ${key === null ? "null" : typeof key}, not text`;
  // Before anything that takes time with its length.
  if (key.length > maxBytes) return `has more than ${maxBytes} bytes of UTF-8`;
  // Encoders write U+FFFD for a lone surrogate: the object would get another name than the one asked for.
  if (!isWellFormed(key)) return "has half of a character (a lone surrogate)";
  const bytes = new TextEncoder().encode(key).length;
  if (bytes === 0 || bytes > maxBytes) return `has ${bytes} bytes of UTF-8, allowed are 1–${maxBytes}`;
  if (/^[/\\]/.test(key)) return `begins with "${key[0]}", which the service refuses`;
  // V1 signs the key as it is, where the end of a line would end it; and XML cannot say it in a listing.
  if (hasControlCharacter(key)) return "has a control character";
  // URLs resolve them, encoded or not: the request would go to another object. A backslash is a slash to URL parsers and
  // to some of what stands before a bucket, so it is one here.
  if (/(^|[/\\])\.\.?([/\\]|$)/.test(key)) return 'has "." or ".." as a folder, which no browser can send';
  return undefined;
}

/** Whether UTF-8 can say it. */
export function isWellFormed(text: string): boolean {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
