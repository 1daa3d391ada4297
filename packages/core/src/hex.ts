/** Writes bytes as hexadecimal text. Pure. */

/** @returns two lower-case hexadecimal digits a byte */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
