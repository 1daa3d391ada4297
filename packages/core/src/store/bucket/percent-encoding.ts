/** Percent-encoding as the signature schemes of buckets demand it. Pure. */

/** Percent-encodes every byte of the UTF-8 except `A–Z a–z 0–9 - . _ ~`. @throws URIError for a lone surrogate */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As `encode`, but keeps slashes. */
export function encodeKey(key: string): string {
  return encode(key).replaceAll("%2F", "/");
}
