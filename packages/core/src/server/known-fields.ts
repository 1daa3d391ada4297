/**
 * The fields of a form that are known to change what is stored or done, but for metadata, whose names have no end. The service does not look
 * at a field that no condition of the policy names, so those that a page did not ask for are kept away by name.
 */
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
