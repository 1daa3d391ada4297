/** A worker's URL under trusted types: where a page requires them no string starts a worker, but a policy's URL does. */

/** Not in TypeScript's DOM types. */
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrls): ScriptUrls;
}
interface ScriptUrls {
  readonly createScriptURL: (url: string) => string;
}
let policy: ScriptUrls | undefined;

/** The page has no policy for us. */
export class PolicyRefused extends Error {
  /** Is there another owner of the name? Undefined where the browser does not tell that from a name that is not allowed. */
  readonly taken: boolean | undefined;

  constructor(cause: unknown) {
    super(String(cause), { cause });
    // All are TypeErrors. Chromium and WebKit say "already exists" or "disallowed", Firefox 153 "blocked creating" of both.
    this.taken = /already exists/i.test(this.message) || (/disallowed/i.test(this.message) ? false : undefined);
  }
}

/**
 * @returns what `start` made of the URL
 * @throws PolicyRefused where `start` took no string, and there is no policy; else what `start` threw
 */
export function withTrustedUrl<T>(url: string, start: (url: string) => T): T {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  let refused: PolicyRefused | undefined;
  try {
    policy ??= trustedTypes?.createPolicy("ossicle", { createScriptURL: (own) => own });
  } catch (cause) {
    // A page may allow certain policies without requiring any.
    refused = new PolicyRefused(cause);
  }
  try {
    return start(policy?.createScriptURL(url) ?? url);
  } catch (cause) {
    // A string where a trusted type is required is a TypeError; what `worker-src` forbids is none.
    throw refused !== undefined && cause instanceof TypeError ? refused : cause;
  }
}
