/** The policy of a form: which fields and how many bytes PostObject may have, and until when. Pure. */
import { type OssError, refusal } from "../oss-error.js";

/** A condition on one field, or on the bucket. */
interface FieldCondition {
  readonly operator: "eq" | "starts-with" | "in" | "not-in";
  /** In lower case, without `$`. */
  readonly field: string;
  readonly values: readonly string[];
  /** As the policy says it, for messages. */
  readonly said: string;
}

export interface PostPolicy {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly conditions: readonly FieldCondition[];
  /** Bytes, inclusive. */
  readonly sizes: readonly { readonly min: number; readonly max: number }[];
}

function invalid(what: string): OssError {
  return refusal("InvalidPolicyDocument", { message: `Invalid Policy: ${what}` });
}

function parseJson(base64: string): Record<string, unknown> {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) throw invalid("Invalid Base64.");
  let policy: unknown;
  try {
    policy = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(`Invalid JSON: ${(cause as Error).message}`);
  }
  if (typeof policy === "object" && policy !== null && !Array.isArray(policy)) return policy as Record<string, unknown>;
  throw invalid("Invalid JSON: no object.");
}

function readExpiration(given: unknown): number {
  const isIso = typeof given === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(given);
  const time = isIso ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(`Invalid "expiration": ${JSON.stringify(given) ?? "missing"}`);
  return time;
}

function areTexts(given: unknown): given is string[] {
  return Array.isArray(given) && given.every((value) => typeof value === "string");
}

function readField(condition: readonly unknown[]): FieldCondition {
  const said = JSON.stringify(condition);
  const [operator, name, value] = condition;
  if (condition.length !== 3 || typeof name !== "string" || !/^\$./.test(name))
    throw invalid(`Invalid Condition: ${said}`);
  const field = name.slice(1).toLowerCase();
  if ((operator === "eq" || operator === "starts-with") && typeof value === "string") {
    return { operator, field, values: [value], said };
  }
  if ((operator === "in" || operator === "not-in") && areTexts(value)) return { operator, field, values: value, said };
  throw invalid(`Invalid Condition: ${said}`);
}

function readRange(condition: readonly unknown[]): { min: number; max: number } {
  const [, min, max] = condition;
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) >= 0;
  if (condition.length === 3 && isSize(min) && isSize(max) && min <= max) return { min, max };
  throw invalid(`Invalid content-length-range: ${JSON.stringify(condition)}`);
}

function readSimple(condition: object): FieldCondition {
  const entries = Object.entries(condition);
  const [[name, value] = ["", undefined]] = entries;
  if (entries.length !== 1) {
    throw invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  }
  if (typeof value !== "string") throw invalid("Invalid Simple-Condition: value must be a string.");
  return readField(["eq", `$${name}`, value]);
}

/** @param base64 as in the field `policy` @throws OssError `InvalidPolicyDocument` */
export function parsePolicy(base64: string): PostPolicy {
  const { expiration, conditions: given } = parseJson(base64);
  const expiresAt = readExpiration(expiration);
  if (!Array.isArray(given)) throw invalid("Policy missing conditions.");
  const conditions: FieldCondition[] = [];
  const sizes: { min: number; max: number }[] = [];
  for (const condition of given as unknown[]) {
    if (Array.isArray(condition) && condition[0] === "content-length-range") sizes.push(readRange(condition));
    else if (Array.isArray(condition)) conditions.push(readField(condition));
    else if (typeof condition === "object" && condition !== null) conditions.push(readSimple(condition));
    else throw invalid(`Invalid Condition: ${JSON.stringify(condition)}`);
  }
  return { expiresAt, conditions, sizes };
}

function denied(what: string): OssError {
  return refusal("AccessDenied", { message: `Invalid according to Policy: ${what}` });
}

function holds({ operator, values }: FieldCondition, value: string): boolean {
  switch (operator) {
    case "eq":
    case "in":
      return values.includes(value);
    case "not-in":
      return !values.includes(value);
    case "starts-with":
      return value.startsWith(values[0] ?? "");
  }
}

/**
 * Checks all but the size. As the service documents, fields that no condition names are not looked at. A field that is missing counts as an
 * empty one: fields are "empty by default" in the service's documents, and no more is known.
 *
 * @param needed fields of the signature, each of which the policy has to name
 * @throws OssError `AccessDenied`, `InvalidPolicyDocument`
 */
export function checkPolicy(
  policy: PostPolicy,
  fields: ReadonlyMap<string, string>,
  bucket: string,
  needed: readonly string[],
  now: number,
): void {
  const unnamed = needed.find((name) => !policy.conditions.some(({ field }) => field === name));
  if (unnamed !== undefined) throw invalid(`The conditions do not name ${unnamed}.`);
  if (now > policy.expiresAt) throw denied("Policy expired.");
  for (const condition of policy.conditions) {
    const value = condition.field === "bucket" ? bucket : (fields.get(condition.field) ?? "");
    if (!holds(condition, value)) throw denied(`Policy Condition failed: ${condition.said}`);
  }
}
