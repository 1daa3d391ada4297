/** What a header may be called, and what its value may and must not hold. Pure. */

/** A token of RFC 9110. */
export function isHeaderName(text: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(text);
}

/** Printable ASCII, neither empty nor with a blank at an end, which HTTP drops. */
export function isPlainHeaderValue(value: string): boolean {
  return /^[!-~]([ -~]*[!-~])?$/.test(value);
}

/** C0, DEL and C1. */
export function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}
