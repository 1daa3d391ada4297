/** Makes a worker's URL trusted. A page that requires trusted types starts no worker from a string, only from a URL of a policy. */

/** Not in TypeScript's DOM types. */
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrls): ScriptUrls;
}
interface ScriptUrls {
  readonly createScriptURL: (url: string) => string;
}
let policy: ScriptUrls | undefined;

/** The browser refused to create our policy. */
export class PolicyRefused extends Error {
  /** True if the name is taken, false if the page does not allow it; undefined if the browser does not tell. */
  readonly taken: boolean | undefined;

  constructor(cause: unknown) {
    super(String(cause), { cause });
    // Always a TypeError. Chromium and WebKit say "already exists" or "disallowed"; Firefox 153 says "blocked creating" for both.
    this.taken = /already exists/i.test(this.message) || (/disallowed/i.test(this.message) ? false : undefined);
  }
}

/**
 * @param start gets the URL, trusted if the browser knows trusted types
 * @throws PolicyRefused if `start` refuses a string and there is no policy; else what `start` throws
 */
export function withTrustedUrl<T>(url: string, start: (url: string) => T): T {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  let refused: PolicyRefused | undefined;
  try {
    policy ??= trustedTypes?.createPolicy("ossicle", { createScriptURL: (own) => own });
  } catch (cause) {
    // Not an error yet: a page may restrict the names of policies and still take strings.
    refused = new PolicyRefused(cause);
  }
  try {
    return start(policy?.createScriptURL(url) ?? url);
  } catch (cause) {
    // A TypeError means that a trusted type is required. A URL that `worker-src` forbids throws another error.
    throw refused !== undefined && cause instanceof TypeError ? refused : cause;
  }
}
