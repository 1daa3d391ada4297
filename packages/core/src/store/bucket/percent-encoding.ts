/** Texts in URLs, as every signature scheme of the kind writes them. Pure. */

/** Percent-encodes every byte of the UTF-8 but `A–Z a–z 0–9 - . _ ~`. Throws URIError on a lone surrogate. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As `encode`, but a key's slashes stay. */
export function encodeKey(key: string): string {
  return encode(key).replaceAll("%2F", "/");
}
