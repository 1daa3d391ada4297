/** Compares what two calls of `upload()` ask for. Pure. */

import type { FinishOptions, ObjectTarget } from "../api/object-target.js";
import type { UploadOptions } from "../api/upload.js";

/** Is an option fixed when a multipart upload begins? Where it differs then, the upload begins anew. */
const isFixed: { readonly [Option in keyof ObjectTarget]-?: boolean } = {
  // Part of the checkpoint's name: another key is another upload.
  key: false,
  contentType: true,
  cacheControl: true,
  contentDisposition: true,
  contentEncoding: true,
  expires: true,
  metadata: true,
  tags: true,
  storageClass: true,
  encryption: true,
  // Said with Complete, or decided before: the last word counts.
  acl: false,
  callback: false,
  ifExists: false,
  // Said with each part.
  trafficLimit: false,
};

/** The name of each option that says what an object is to be. */
export const targetNames = Object.keys(isFixed) as readonly (keyof ObjectTarget)[];

/** @returns the options without those that only concern this page */
export function targetOf(options: UploadOptions): ObjectTarget {
  const said = targetNames.filter((name) => options[name] !== undefined);
  return Object.fromEntries(said.map((name) => [name, options[name]])) as unknown as ObjectTarget;
}

/**
 * The options that a multipart upload fixes when it begins, as a string to compare: if they differ the upload has to begin anew. A
 * content type that was only guessed from the file is left out, so that an upload goes on with a renamed file.
 */
export function fixedOptions(target: ObjectTarget): string {
  return JSON.stringify(targetNames.map((name) => (isFixed[name] ? inOrder(target[name]) : undefined)));
}

/**
 * True if a Complete that is sent for `given` does all that `asked` wants: it sets the same ACL, and calls back if wanted. The object
 * itself shows neither. Two callbacks are not compared: an app may put a new token into each.
 */
export function completesAs(
  given: { readonly acl: ObjectTarget["acl"]; readonly withCallback: boolean },
  asked: FinishOptions,
): boolean {
  return given.acl === asked.acl && (given.withCallback || asked.callback === undefined);
}

/** The same text for the same names and values, in whatever order they were given. Nothing in it is nothing. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const said = Object.entries(value).filter(([, each]) => each !== undefined);
  return said.length === 0 ? undefined : said.sort(([a], [b]) => (a < b ? -1 : 1));
}
