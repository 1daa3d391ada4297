/** What an app may say to `upload()`: copied, so that it stays as it was said, and refused at once where it can never work. */

import type { ObjectTarget } from "./api/object-target.js";
import type { PageOptions, UploadOptions } from "./api/upload.js";
import { refuseForeignNames } from "./foreign-names.js";
import { checking, invalid, isRecord, oneOf, record, valid } from "./invalid-option.js";
import { targetNames } from "./upload/target.js";

/** What only this page needs: each as it is kept. */
const ofThePage: { readonly [Option in keyof PageOptions]-?: (value: unknown) => PageOptions[Option] } = {
  signal: checkSignal,
  appData: cloneOf,
  priority: (value) => oneOf("priority", value, ["high", "normal", "low"] as const),
};
const names: readonly string[] = [...targetNames, ...Object.keys(ofThePage)];

/**
 * @param checkTarget the store's
 * @returns a frozen copy without options that are undefined
 * @throws UploadError "invalid-option"
 */
export function checkUploadOptions(given: unknown, checkTarget: (target: ObjectTarget) => void): UploadOptions {
  return checking("upload()", () => {
    const options = record("The options of upload()", given);
    refuseForeignNames("upload()", options, names);
    if (isRecord(options.callback))
      refuseForeignNames("callback", options.callback, ["url", "body", "host", "contentType"]);
    const target = kept(targetNames, options, copyOf) as unknown as ObjectTarget;
    checkTarget(target);
    const page = kept(Object.keys(ofThePage), options, (value, name) => ofThePage[name as keyof PageOptions](value));
    return Object.freeze({ ...target, ...page });
  });
}

function kept(
  wanted: readonly string[],
  options: Readonly<Record<string, unknown>>,
  keep: (value: unknown, name: string) => unknown,
): Readonly<Record<string, unknown>> {
  const said = wanted.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, keep(value, name)] as const];
  });
  return Object.fromEntries(said);
}

/** Of another realm, too: an iframe's, or a polyfill's. */
function checkSignal(value: unknown): AbortSignal {
  const signal = value as AbortSignal | null;
  const isSignal = typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function";
  return valid(isSignal, "signal", signal as AbortSignal, "Pass an AbortSignal.");
}

/** @throws UploadError for what no database can keep */
function cloneOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    // Vue and MobX put proxies around plain objects, which cannot be cloned; what they stand for can.
  }
  try {
    return structuredClone(copyOf(value));
  } catch (cause) {
    throw invalid("appData cannot be kept", "Pass plain data, without functions.", cause);
  }
}

/** Lists, records and dates are copied and frozen, proxies of them as what they stand for; everything else stays as it is. */
function copyOf(value: unknown): unknown {
  if (value instanceof Date) return new Date(value.getTime());
  if (Array.isArray(value)) return Object.freeze(Array.from(value, copyOf));
  if (!isRecord(value)) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)])));
}
