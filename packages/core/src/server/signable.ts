/**
 * What the page may ask to be signed. A page is not to be believed: an action that is claimed has to be the request that is
 * shown, and nothing else may ride on it. What comes out is what `authorize` sees and what is signed, letter for letter. Pure.
 */

import type { StoreAction } from "../api/trace.js";
import type { SignableRequest } from "../store/bucket/signable-request.js";
import { keyProblem } from "../store/oss/object-key.js";
import { refused, shown } from "./refusal.js";
import { readHeaders, type SigningRules } from "./signable-headers.js";

interface Parameter {
  readonly form: RegExp;
  readonly isRequired: boolean;
}

interface Shape {
  readonly method: SignableRequest["method"];
  readonly query: Readonly<Record<string, Parameter>>;
}

const required = (form: RegExp): Parameter => ({ form, isRequired: true });
const optional = (form: RegExp): Parameter => ({ form, isRequired: false });

// 32 hexadecimal digits in every sample, and opaque by contract: whatever a token or base64 is made of.
const uploadId = required(/^[A-Za-z0-9\-._~+/=]{1,255}$/);
const encodingType = optional(/^url$/);
const upTo10000 = "[1-9]\\d{0,3}|10000";

const shapes: Readonly<Record<StoreAction, Shape>> = {
  PutObject: { method: "PUT", query: {} },
  InitiateMultipartUpload: { method: "POST", query: { uploads: required(/^$/), "encoding-type": encodingType } },
  UploadPart: { method: "PUT", query: { partNumber: required(new RegExp(`^(${upTo10000})$`)), uploadId } },
  ListParts: {
    method: "GET",
    query: {
      uploadId,
      "max-parts": optional(/^([1-9]\d{0,2}|1000)$/),
      "part-number-marker": optional(new RegExp(`^(0|${upTo10000})$`)),
      "encoding-type": encodingType,
    },
  },
  CompleteMultipartUpload: { method: "POST", query: { uploadId, "encoding-type": encodingType } },
  AbortMultipartUpload: { method: "DELETE", query: { uploadId } },
  HeadObject: { method: "HEAD", query: {} },
};

/**
 * @param given anything that came from a page
 * @returns a copy that stays as it is: what the app does with it between reading and signing would be signed unread
 * @throws UploadError as `readSignable`; "rejected" for what is no list
 */
export function readSignables(given: unknown, rules: SigningRules): readonly SignableRequest[] {
  // A list alone, and not by its own `map`: an object may bring one that skips the reading, and lists skip their gaps.
  if (!Array.isArray(given)) throw refused("what is to be signed is not a list");
  return Object.freeze(Array.from(given, (request: unknown) => readSignable(request, rules)));
}

/**
 * @returns a copy: header names in lower case, nothing but what is signed
 * @throws UploadError that names what is wrong with it: "forbidden" for another bucket, else "rejected"
 */
function readSignable(given: unknown, rules: SigningRules): SignableRequest {
  if (!isRecord(given)) throw refused("a request is not an object");
  const { action, method, bucket, key, query, headers } = given;
  if (typeof action !== "string" || !Object.hasOwn(shapes, action)) throw refused("the action is not one of an upload");
  const known = action as StoreAction;
  const shape = shapes[known];
  if (method !== shape.method) throw refused(`${action} is a ${shape.method}, not ${shown(method)}`);
  if (bucket !== rules.bucket) {
    throw refused(`${action} is for the bucket ${shown(bucket)}, this signs for ${rules.bucket}`, "forbidden");
  }
  const problem = keyProblem(key);
  if (problem !== undefined) throw refused(`the key of ${action} ${problem}`);
  if (!isRecord(query)) throw refused(`${action} has no query`);
  if (!isRecord(headers)) throw refused(`${action} has no headers`);
  return Object.freeze({
    action: known,
    method: shape.method,
    bucket: rules.bucket,
    key: key as string,
    query: Object.freeze(readQuery(known, query)),
    headers: Object.freeze(readHeaders(known, headers, rules)),
  });
}

function readQuery(action: StoreAction, given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const parameters = shapes[action].query;
  const read = Object.entries(given).map(([name, value]) => {
    if (!Object.hasOwn(parameters, name)) throw refused(`${action} does not have a parameter ${shown(name)}`);
    if (typeof value !== "string" || parameters[name]?.form.test(value) !== true) {
      throw refused(`the parameter ${name} of ${action} may not be ${shown(value)}`);
    }
    return [name, value] as const;
  });
  const query = Object.fromEntries(read);
  for (const [name, { isRequired }] of Object.entries(parameters)) {
    // In what was read, not in what was given: an abort that loses its upload id on the way deletes the object.
    if (isRequired && !Object.hasOwn(query, name)) throw refused(`${action} lacks ${name}`);
  }
  return query;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
