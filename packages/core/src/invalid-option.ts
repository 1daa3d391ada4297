/** How an option is refused: what is wrong with it, and what to pass. Never with a value that may be a secret. Pure. */
import { isUploadError, UploadError } from "./errors.js";

export function invalid(problem: string, hint?: string, cause?: unknown): UploadError {
  return new UploadError("invalid-option", problem, { hint, cause });
}

/** Runs checks of what `what` was given. Whatever reading odd things throws, a getter or a revoked proxy, is the option's fault. */
export function checking<T>(what: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (isUploadError(cause)) throw cause;
    throw invalid(`${what} cannot read its options`, "Pass a plain object.", cause);
  }
}

/** A value for a message; of an object and a function only what it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  return typeof value === "object" && value !== null
    ? "an object"
    : typeof value === "function"
      ? "a function"
      : String(value);
}

/** An object that is read by its names: neither a list nor a Map, a Blob or the like, whose content has no names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** @param hint what to pass instead. @throws UploadError "invalid-option" for a value that is not right */
export function valid<T>(isRight: boolean, what: string, value: T, hint: string): T {
  if (isRight) return value;
  throw invalid(`${what} is ${shown(value)}`, hint);
}

/** @throws UploadError "invalid-option" */
export function record(what: string, value: unknown): Readonly<Record<string, unknown>> {
  return valid(isRecord(value), what, value as Readonly<Record<string, unknown>>, "Pass a plain object.");
}

/** @throws UploadError "invalid-option" */
export function oneOf<const T>(what: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw invalid(`${what} is ${shown(value)}`, `Allowed are ${allowed.map(shown).join(", ")}.`);
}
