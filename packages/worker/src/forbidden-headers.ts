/** Request headers that a page may not set. Setting one only makes the browser complain on the console. */

/** @see https://fetch.spec.whatwg.org/#forbidden-request-header */
const names: ReadonlySet<string> = new Set([
  "accept-charset",
  "accept-encoding",
  "access-control-request-headers",
  "access-control-request-method",
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "date",
  "dnt",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "referer",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

export function isForbidden(header: string): boolean {
  const name = header.toLowerCase();
  return names.has(name) || name.startsWith("sec-") || name.startsWith("proxy-");
}
