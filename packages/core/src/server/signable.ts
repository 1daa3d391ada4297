/**
 * What the page may ask to be signed. A page is not to be believed: an action that is claimed has to be the request that is
 * shown, and nothing else may ride on it. Pure.
 */
import { UploadError } from "../errors.js";
import type { StoreAction } from "../store/object-store.js";
import { isHeaderName } from "../store/oss/canonical.js";
import { isPlainHeaderValue } from "../store/oss/object-headers.js";
import type { SignableRequest } from "../store/oss/oss-options.js";

interface Shape {
  readonly method: SignableRequest["method"];
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const shapes: Readonly<Record<StoreAction, Shape>> = {
  PutObject: { method: "PUT", required: [], optional: [] },
  InitiateMultipartUpload: { method: "POST", required: ["uploads"], optional: ["encoding-type"] },
  UploadPart: { method: "PUT", required: ["partNumber", "uploadId"], optional: [] },
  ListParts: {
    method: "GET",
    required: ["uploadId"],
    optional: ["max-parts", "part-number-marker", "encoding-type"],
  },
  CompleteMultipartUpload: { method: "POST", required: ["uploadId"], optional: ["encoding-type"] },
  AbortMultipartUpload: { method: "DELETE", required: ["uploadId"], optional: [] },
  HeadObject: { method: "HEAD", required: [], optional: [] },
};

/**
 * Of the service's own headers only those that an upload needs. `x-oss-copy-source` above all would read any object that the
 * server may read.
 */
const signedHeaders: ReadonlySet<string> = new Set([
  "x-oss-callback",
  "x-oss-callback-var",
  "x-oss-forbid-overwrite",
  "x-oss-object-acl",
  "x-oss-server-side-data-encryption",
  "x-oss-server-side-encryption",
  "x-oss-server-side-encryption-key-id",
  "x-oss-storage-class",
  "x-oss-tagging",
  "x-oss-traffic-limit",
]);

/**
 * @param given anything that came from a page
 * @throws UploadError "rejected" that names what is wrong with it
 */
export function readSignable(given: unknown): SignableRequest {
  if (!isRecord(given)) throw refused("a request is not an object");
  const { action, method, bucket, key, query, headers } = given;
  if (typeof action !== "string" || !Object.hasOwn(shapes, action)) throw refused("the action is not one of an upload");
  const shape = shapes[action as StoreAction];
  if (method !== shape.method) throw refused(`${action} is not a ${String(method)}`);
  if (typeof bucket !== "string" || typeof key !== "string" || key === "") throw refused(`${action} names no object`);
  if (!isTextRecord(query) || !isTextRecord(headers))
    throw refused(`${action} has a query or headers that are not texts`);
  const allowed = [...shape.required, ...shape.optional];
  const missing = shape.required.find((name) => !Object.hasOwn(query, name));
  const foreign = Object.keys(query).find((name) => !allowed.includes(name));
  if (missing !== undefined) throw refused(`${action} lacks ${missing}`);
  if (foreign !== undefined) throw refused(`${action} does not have a parameter ${JSON.stringify(foreign)}`);
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name)) throw refused("a header has a name that no header can have");
    // A line break would be signed as a header of its own, which `authorize` has not seen.
    if (value !== "" && !isPlainHeaderValue(value)) {
      throw refused(`the header ${name} is not printable ASCII without blanks at its ends`);
    }
  }
  const header = Object.keys(headers).find((name) => !isAllowedHeader(name.toLowerCase()));
  if (header !== undefined) throw refused(`${action} may not carry the header ${JSON.stringify(header)}`);
  return { action: action as StoreAction, method: shape.method, bucket, key, query, headers };
}

function isAllowedHeader(name: string): boolean {
  return !name.startsWith("x-oss-") || name.startsWith("x-oss-meta-") || signedHeaders.has(name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === "string");
}

function refused(problem: string): UploadError {
  return new UploadError("rejected", `Refused to sign: ${problem}`);
}
