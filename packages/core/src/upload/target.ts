/** Compares what two calls of `upload()` ask for. Pure. */

import type { UploadOptions } from "../api/upload.js";
import type { ObjectTarget } from "../store/object-store.js";

/** @returns the options without those that only concern this page */
export function targetOf(options: UploadOptions): ObjectTarget {
  const { signal: _signal, appData: _appData, priority: _priority, ...target } = options;
  return target;
}

/**
 * The options that a multipart upload fixes when it begins, as a string to compare: if they differ the upload has to begin anew. A
 * content type that was only guessed from the file is left out, so that an upload goes on with a renamed file.
 */
export function fixedOptions(target: ObjectTarget): string {
  const { contentType, cacheControl, contentDisposition, contentEncoding, expires, storageClass, encryption } = target;
  return JSON.stringify([
    [contentType, cacheControl, contentDisposition, contentEncoding, expires, storageClass],
    [encryption?.algorithm, encryption?.kmsKeyId],
    sorted(target.metadata),
    sorted(target.tags),
  ]);
}

/**
 * True if a Complete that is sent for `given` does all that `asked` wants: it sets the same ACL, and calls back if wanted. The object
 * itself shows neither. Two callbacks are not compared: an app may put a new token into each.
 */
export function completesAs(
  given: { readonly acl: ObjectTarget["acl"] | undefined; readonly withCallback: boolean },
  asked: ObjectTarget,
): boolean {
  return given.acl === asked.acl && (given.withCallback || asked.callback === undefined);
}

function sorted(record: Readonly<Record<string, string>> = {}): readonly (readonly [string, string])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
