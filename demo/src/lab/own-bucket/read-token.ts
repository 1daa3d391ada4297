/** Reads a temporary token in each of its usual spellings: the whole answer of STS, its `Credentials`, or camel case. */
import type { StsCredentials } from "@ossicle/core";
import type { FieldProblem } from "./field-problem.js";

export type ReadToken = { readonly token: StsCredentials } | { readonly problem: FieldProblem };

/** @param text JSON @param now milliseconds since the epoch */
export function readTokenText(text: string, now: number): ReadToken {
  try {
    return readToken(JSON.parse(text), now);
  } catch {
    return { problem: (errors) => errors.json };
  }
}

/** Refuses a key without a security token: it is a permanent key, and anybody who sees the page could use it for ever. */
export function readToken(value: unknown, now: number): ReadToken {
  const fields = fieldsOf(value);
  const AccessKeyId = textOf(fields, "AccessKeyId");
  const AccessKeySecret = textOf(fields, "AccessKeySecret");
  const SecurityToken = textOf(fields, "SecurityToken");
  const Expiration = textOf(fields, "Expiration");
  if (AccessKeyId === "" || AccessKeySecret === "") return { problem: (errors) => errors.tokenFields };
  if (SecurityToken === "") return { problem: (errors) => errors.permanent };
  if (Expiration === "") return { token: { AccessKeyId, AccessKeySecret, SecurityToken } };
  if (Date.parse(Expiration) <= now) return { problem: (errors) => errors.expired };
  return { token: { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null) return {};
  const fields = value as Fields;
  const inner = fields.Credentials ?? fields.credentials;
  return inner === undefined ? fields : fieldsOf(inner);
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name] ?? fields[name.charAt(0).toLowerCase() + name.slice(1)];
  if (typeof value === "number") return new Date(value).toISOString();
  return typeof value === "string" ? value.trim() : "";
}
