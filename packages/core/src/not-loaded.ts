/** The error for a script of the library that cannot be loaded now: the page is offline, the server busy, the app just deployed anew. */
import { isUploadError, UploadError } from "./errors.js";

const errors = new WeakSet<UploadError>();

/**
 * @param what  the script, for the message
 * @param cause what the browser said; an UploadError is passed on as it is
 */
export function notLoaded(what: string, cause: unknown): UploadError {
  if (isUploadError(cause)) return cause;
  const error = new UploadError("network", `Ossicle could not load its ${what}: ${cause}`, {
    cause,
    // Since 2026 browsers load a module again that failed (whatwg/html#10327). Before, all but Chromium remembered the failure.
    hint: "Does this go on? Reload the page: after a new deployment its files may be gone, and older browsers try only once.",
  });
  errors.add(error);
  return error;
}

/** @throws UploadError "network" if `script`, which an `import()` returned, cannot be loaded */
export function loading<T>(what: string, script: Promise<T>): Promise<T> {
  return script.catch((cause) => {
    throw notLoaded(what, cause);
  });
}

/** True if trying again means to load a script again. */
export function isNotLoaded(error: UploadError): boolean {
  return errors.has(error);
}
