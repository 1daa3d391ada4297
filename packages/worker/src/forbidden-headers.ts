/** Request headers that a page may not set. The browser ignores such a header and logs an error on the console. */

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

export function withoutForbidden(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isForbidden(name.toLowerCase())));
}

function isForbidden(name: string): boolean {
  return names.has(name) || name.startsWith("sec-") || name.startsWith("proxy-");
}
