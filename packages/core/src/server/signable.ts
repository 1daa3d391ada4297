/**
 * Checks the requests that a page wants signed. A page is not trusted: the request must be the one that its `action` names, with no
 * other parameter or header. The result is what `authorize` sees and what is signed, letter for letter. Pure.
 */

import type { StoreAction } from "../api/trace.js";
import type { SignableRequest } from "../store/bucket/signable-request.js";
import { keyProblem } from "../store/oss/object-key.js";
import { postProblem } from "../store/oss/post-fields.js";
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

// Every sample has 32 hexadecimal digits, but the service promises no form: any characters of tokens and base64 are allowed.
const uploadId = required(/^[A-Za-z0-9\-._~+/=]{1,255}$/);
const encodingType = optional(/^url$/);
const upTo10000 = "[1-9]\\d{0,3}|10000";

const shapes: Readonly<Record<StoreAction, Shape>> = {
  PutObject: { method: "PUT", query: {} },
  PostObject: { method: "POST", query: {} },
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
 * @returns a frozen copy, so that the app cannot change it between this check and signing
 * @throws UploadError "rejected" if it is not a list; what `readSignable` throws
 */
export function readSignables(given: unknown, rules: SigningRules): readonly SignableRequest[] {
  // Not by `given.map`: an object may bring a `map` of its own that skips the check, and a list's skips gaps.
  if (!Array.isArray(given)) throw refused("what is to be signed is not a list");
  return Object.freeze(Array.from(given, (request: unknown) => readSignable(request, rules)));
}

/**
 * @returns a copy with header names in lower case, and nothing that is not signed
 * @throws UploadError that says what is wrong: "forbidden" for another bucket, else "rejected"
 */
function readSignable(given: unknown, rules: SigningRules): SignableRequest {
  if (!isRecord(given)) throw refused("a request is not an object");
  const { action, method, bucket, key, query, headers } = given;
  if (typeof action !== "string" || !Object.hasOwn(shapes, action))
    throw refused("the action is not part of an upload");
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
  const read = {
    action: known,
    method: shape.method,
    bucket: rules.bucket,
    key: key as string,
    query: Object.freeze(readQuery(known, query)),
    headers: Object.freeze(readHeaders(known, headers, rules)),
  };
  const unpostable = known === "PostObject" ? postProblem(read) : undefined;
  if (unpostable !== undefined) throw refused(`PostObject ${unpostable}`);
  return Object.freeze(read);
}

function readQuery(action: StoreAction, given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const parameters = shapes[action].query;
  const read = Object.entries(given).map(([name, value]) => {
    if (!Object.hasOwn(parameters, name)) throw refused(`${action} takes no parameter ${shown(name)}`);
    if (typeof value !== "string" || parameters[name]?.form.test(value) !== true) {
      throw refused(`the parameter ${name} of ${action} may not be ${shown(value)}`);
    }
    return [name, value] as const;
  });
  const query = Object.fromEntries(read);
  for (const [name, { isRequired }] of Object.entries(parameters)) {
    // Checks the result, not the input: a DELETE that lost its upload id would delete the object.
    if (isRequired && !Object.hasOwn(query, name)) throw refused(`${action} needs the parameter ${name}`);
  }
  return query;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
