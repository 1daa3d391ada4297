/** What an object is to be, and whether two calls mean the same. Pure. */

import type { UploadOptions } from "../api/upload.js";
import type { ObjectTarget } from "../store/object-store.js";

/** The part of the options that outlives the page. */
export function targetOf(options: UploadOptions): ObjectTarget {
  const { signal: _signal, appData: _appData, priority: _priority, ...target } = options;
  return target;
}

/**
 * What is fixed when a multipart upload begins, as the app gave it, to be compared: where it differs the upload starts
 * anew. The content type that was only guessed from the file is no part of it, so a renamed file goes on.
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
 * Whether a Complete that was, or will be, sent for `given` says all that `asked` wants said: the object shows neither its ACL nor
 * whether an application server heard of it. Callbacks are not compared: an app may make one anew, with another token, each time.
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
