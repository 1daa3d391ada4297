/** Checks the spec of a fault, which may come from JSON. */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { actions } from "../action.js";
import type { Fault, FaultKind, FaultSpec, ParsedSpec } from "./fault.js";

// The fields that a kind may have, with the types of their JSON values. `!` marks a required one.
const fields: Readonly<Record<FaultKind, Readonly<Record<string, string>>>> = {
  refuse: {},
  reset: { when: "before-body|in-body|after-body", afterBytes: "number" },
  stall: { when: "before-body|in-body|before-answer", afterBytes: "number" },
  hold: { when: "before-effect|before-answer" },
  delay: { ms: "number!", when: "before-body|before-effect|before-answer" },
  "lose-answer": {},
  corrupt: { what: "stored|received" },
  "wrong-etag": {},
  "opaque-etag": {},
  "slow-down": { code: "string", delayMs: "number", retryAfterSeconds: "number" },
  error: {
    status: "status!",
    code: "string!",
    message: "string",
    headers: "headers",
    effect: "boolean",
    cors: "boolean",
  },
  html: { status: "status", effect: "boolean", cors: "boolean" },
  stranger: {
    status: "status",
    body: "string",
    headers: "headers",
    effect: "boolean",
    cors: "boolean",
    location: "location",
  },
  "without-cors": { refusals: "boolean" },
  "truncate-answer": {},
  "request-timeout": {},
  "expire-token": { as: "SecurityTokenExpired|InvalidAccessKeyId" },
  gone: {},
  "callback-failed": {},
  throttle: { bytesPerSecond: "number!" },
  "clock-skew": { ms: "offset!" },
};

const scalarTypes = ["number", "string", "boolean"];

/** Some three thousand years: such an offset from today's time is within the range of a Date. */
export const maxClockOffsetMs = 1e14;

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

/** Whether Node can send these headers. It would refuse others only when the answer is written, and the client would get none. */
function areHeaders(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  try {
    for (const [name, text] of Object.entries(value)) {
      if (typeof text !== "string") return false;
      validateHeaderName(name);
      validateHeaderValue(name, text);
    }
    return true;
  } catch {
    return false;
  }
}

function isOf(type: string, value: unknown): boolean {
  if (type === "status") return isStatus(value);
  if (type === "offset") return typeof value === "number" && Math.abs(value) <= maxClockOffsetMs;
  if (type === "headers") return areHeaders(value);
  if (type === "location") return areHeaders({ location: value });
  if (scalarTypes.includes(type)) return typeof value === type && (type !== "number" || Number.isFinite(value));
  return type.split("|").some((one) => one === value);
}

const typeNames: Readonly<Record<string, string>> = {
  status: "an HTTP status from 200 to 599",
  headers: "an object of header names and values",
  offset: "milliseconds, less than three thousand years",
  location: "a text that a header can hold",
};

function checkField(kind: string, name: string, rule: string, value: unknown): void {
  const type = rule.replace("!", "");
  if (value === undefined) {
    if (rule.endsWith("!")) throw new TypeError(`fault "${kind}": "${name}" is missing (${typeNames[type] ?? type})`);
    return;
  }
  if (isOf(type, value)) return;
  throw new TypeError(`fault "${kind}": "${name}" must be ${typeNames[type] ?? type}, not ${JSON.stringify(value)}`);
}

function parseFault(value: unknown): Fault {
  const fault = typeof value === "string" ? { kind: value } : value;
  const kind = typeof fault === "object" && fault !== null && "kind" in fault ? fault.kind : undefined;
  const allowed = Object.entries(fields).find(([name]) => name === kind)?.[1];
  if (allowed === undefined) {
    throw new TypeError(`fault: unknown kind ${JSON.stringify(kind)}; there are ${Object.keys(fields).join(", ")}`);
  }
  const given: Record<string, unknown> = { ...(fault as object) };
  for (const name of Object.keys(given)) {
    if (name !== "kind" && !Object.hasOwn(allowed, name))
      throw new TypeError(`fault "${kind}": there is no field "${name}"`);
  }
  for (const [name, rule] of Object.entries(allowed)) checkField(String(kind), name, rule, given[name]);
  return given as unknown as Fault;
}

const specTypes: Readonly<Record<string, string>> = {
  bucket: "string",
  key: "string",
  partNumber: "number",
  signed: "boolean",
  after: "number",
};

/**
 * Checks a spec, which may come from JSON.
 *
 * @throws TypeError that says what is wrong
 */
export function parseSpec(value: unknown): ParsedSpec {
  if (typeof value !== "object" || value === null) throw new TypeError("fault spec: an object is needed");
  const spec: Record<string, unknown> = { ...value };
  for (const name of Object.keys(spec)) {
    if (!Object.hasOwn(specTypes, name) && !["on", "times", "fault"].includes(name)) {
      throw new TypeError(`fault spec: there is no field "${name}"`);
    }
  }
  const on = spec.on === "any" ? [] : [spec.on].flat();
  for (const action of on) {
    if (!actions.some((known) => known === action)) {
      throw new TypeError(`fault spec: unknown action ${JSON.stringify(action)}; there are any, ${actions.join(", ")}`);
    }
  }
  for (const [name, type] of Object.entries(specTypes)) checkField("spec", name, type, spec[name]);
  const times = spec.times;
  if (times !== undefined && times !== "always" && !(typeof times === "number" && times >= 1)) {
    throw new TypeError(`fault spec: "times" must be a number from 1 or "always", not ${JSON.stringify(times)}`);
  }
  return { ...(spec as unknown as FaultSpec), fault: parseFault(spec.fault) };
}
