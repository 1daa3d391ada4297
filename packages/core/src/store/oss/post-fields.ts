/** The form fields by which PostObject says what an object is to be, and what cannot be said in a form. Page and server share it. Pure. */

import { hasControlCharacter } from "../bucket/header-values.js";
import type { SignableRequest } from "../bucket/signable-request.js";
import type { ObjectHeader } from "./object-headers.js";

/**
 * An object that is to be stored by a form. `headers` are those of a PutObject of the same object, with `content-length`: so a check of
 * headers means the same for both.
 */
export type PostedObject = Pick<SignableRequest, "bucket" | "key" | "headers">;

/** The field for each header. null: a form has none for it, or we do not trust that it has. */
const fieldOf: Readonly<Record<ObjectHeader, string | null>> = {
  // The type of the file part, which browsers write, would count without this field.
  "content-type": "x-oss-content-type",
  "cache-control": "Cache-Control",
  "content-disposition": "Content-Disposition",
  "content-encoding": "Content-Encoding",
  expires: "Expires",
  "x-oss-object-acl": "x-oss-object-acl",
  "x-oss-server-side-encryption": "x-oss-server-side-encryption",
  "x-oss-callback": "callback",
  // Its variables are fields of their own.
  "x-oss-callback-var": null,
  "x-oss-server-side-encryption-key-id": null,
  "x-oss-storage-class": null,
  "x-oss-tagging": null,
  "x-oss-forbid-overwrite": null,
  "x-oss-traffic-limit": null,
};

/** @returns names and values, in the order in which they are sent. Call it for what `postProblem` lets pass */
export function postFields({ key, headers }: PostedObject): readonly (readonly [string, string])[] {
  const said = Object.entries(headers).flatMap(([name, value]): (readonly [string, string])[] => {
    if (name === "content-length") return [];
    if (name === "x-oss-callback-var") return Object.entries(variablesOf(value) ?? {});
    return [[fieldNamed(name) ?? name, value]];
  });
  return [["key", key], ...said, ["success_action_status", "200"]];
}

/** @returns why this object cannot be stored by a form, for a sentence that begins with "PostObject"; undefined if it can */
export function postProblem({ key, headers }: Omit<PostedObject, "bucket">): string | undefined {
  if (!/^\d+$/.test(headers["content-length"] ?? "")) return "needs the header content-length, the size of the file";
  if (headers["content-type"] === undefined) return "needs the header content-type";
  // The service puts the name of the file part in the place of `${filename}`, after it has checked the policy.
  if (key.includes("$")) return "takes no key with a $";
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function headerProblem(name: string, value: string): string | undefined {
  if (name === "content-length") return undefined;
  if (name === "x-oss-callback-var") return variablesOf(value) === undefined ? `takes no such ${name}` : undefined;
  if (fieldNamed(name) === undefined) return `takes no header ${name}`;
  // Whether the service takes an empty field for none is not documented.
  if (value === "" || !isPlain(value)) return `takes no header ${name} that is empty or has a $`;
  return name === "x-oss-server-side-encryption" && value === "KMS" ? "takes no encryption by KMS" : undefined;
}

/** In a policy $ begins a variable. Browsers write line breaks of a form in their own way, so the policy would not fit. */
function isPlain(value: string): boolean {
  return !value.includes("$") && !hasControlCharacter(value);
}

function fieldNamed(header: string): string | undefined {
  if (/^x-oss-meta-[a-z\d-]+$/.test(header)) return header;
  return Object.hasOwn(fieldOf, header) ? (fieldOf[header as ObjectHeader] ?? undefined) : undefined;
}

/** @returns undefined if they are no variables that forms can carry: another name could be that of another field */
function variablesOf(encoded: string): Readonly<Record<string, string>> | undefined {
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    const variables: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof variables !== "object" || variables === null || Array.isArray(variables)) return undefined;
    const fit = Object.entries(variables).every(
      ([name, value]) => /^x:[a-z0-9_-]+$/.test(name) && typeof value === "string" && value !== "" && isPlain(value),
    );
    return fit ? (variables as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}
