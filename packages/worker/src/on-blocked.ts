/**
 * Tells when a Content-Security-Policy forbids a request. The request itself only fails as in a dead network; the reason is in an
 * event of the worker's global scope.
 */

/** Until `ended` is aborted: calls `tell` with the policy's directive when a request to the origin of `url` is blocked. */
export function onBlocked(url: string, ended: AbortSignal, tell: (directive: string) => void): void {
  const origin = originOf(url);
  const listener = (event: Event) => {
    const { blockedURI, disposition, effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (disposition === "enforce" && originOf(blockedURI) === origin) tell(effectiveDirective);
  };
  // Unit tests run in Node, whose global scope has no events.
  globalThis.addEventListener?.("securitypolicyviolation", listener, { signal: ended });
}

/** @returns undefined for a text that is not a URL, such as the "eval" and "inline" of other violations */
function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}
