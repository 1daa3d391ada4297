/** Requests that a Content-Security-Policy forbids. Their XHR fails as in a dead network; only the scope is told why. */

/** Calls `tell` with the name of the directive when a request to the origin of `url` is blocked, until `ended` aborts. */
export function onBlocked(url: string, ended: AbortSignal, tell: (directive: string) => void): void {
  const origin = originOf(url);
  const listener = (event: Event) => {
    const { blockedURI, disposition, effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (disposition === "enforce" && originOf(blockedURI) === origin) tell(effectiveDirective);
  };
  // Node, where tests call the worker's functions, has no events of its scope.
  globalThis.addEventListener?.("securitypolicyviolation", listener, { signal: ended });
}

/** @returns undefined for what is no URL, such as the "eval" and "inline" of other violations */
function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}
