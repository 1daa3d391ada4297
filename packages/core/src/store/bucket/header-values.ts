/** Which names and values a header can have. Pure. */

/** True for a token of RFC 9110. */
export function isHeaderName(text: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(text);
}

/** True for printable ASCII that is not empty and has no blank at an end: HTTP would drop it. */
export function isPlainHeaderValue(value: string): boolean {
  return /^[!-~]([ -~]*[!-~])?$/.test(value);
}

/** True if there is a character of C0 or C1, or DEL. */
export function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}
