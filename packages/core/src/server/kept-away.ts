/**
 * The fields that nobody may add to a form that was signed for a page. The service does not look at a field that no condition of the policy
 * names, so they are kept away by name. Pure.
 */
import type { SignableRequest } from "../store/bucket/signable-request.js";

/** All that are known to change what is stored or done, but for metadata, whose names have no end. */
export const knownFields: readonly string[] = [
  "x-oss-content-type",
  "Cache-Control",
  "Content-Disposition",
  "Content-Encoding",
  "Expires",
  "x-oss-object-acl",
  "x-oss-server-side-encryption",
  "x-oss-server-side-encryption-key-id",
  "x-oss-server-side-data-encryption",
  "x-oss-storage-class",
  "x-oss-tagging",
  "x-oss-forbid-overwrite",
  "callback",
  "success_action_redirect",
];

/** @returns names of fields; those that the form has are left alone */
export function keptAway({ headers }: Pick<SignableRequest, "headers">): readonly string[] {
  return [...knownFields, ...variablesIn(headers["x-oss-callback"])];
}

/** The variables that a callback's body asks for: one that the page did not state would be told to the app's server as the holder likes. */
function variablesIn(callback = ""): readonly string[] {
  try {
    const { callbackBody } = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(callback), (c) => c.charCodeAt(0))),
    );
    const names = String(callbackBody).matchAll(/\$\{(x:[^}]*)\}/gi);
    return [...new Set(Array.from(names, ([, name = ""]) => name.toLowerCase()))];
  } catch {
    // The service refuses a callback that is no JSON.
    return [];
  }
}
