/** The vocabulary of faults: what can go wrong with a request, and which requests it befalls. Types and their checks. */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { type Action, actions } from "../action.js";
import type { ExpiredTokenCode } from "../auth/accounts.js";

/** Where in a request something happens. `effect`: what the request asked for has just been, or is about to be, done. */
export type Fault =
  /** The connection closes before a byte of the body is read. Nothing happened. */
  | { readonly kind: "refuse" }
  /** The connection is reset; nothing happened. `in-body`: after `afterBytes`, by default half of the body. */
  | { readonly kind: "reset"; readonly when?: "before-body" | "in-body" | "after-body"; readonly afterBytes?: number }
  /**
   * Nothing more is read or said until released. `before-answer`: it did happen. Whoever does not read does not see the
   * client leave: until released the request counts as under way, whatever the client has done meanwhile.
   */
  | {
      readonly kind: "stall";
      readonly when?: "before-body" | "in-body" | "before-answer";
      readonly afterBytes?: number;
    }
  /** The body is read; what follows waits until released. Default `before-answer`. */
  | { readonly kind: "hold"; readonly when?: "before-effect" | "before-answer" }
  /** As `hold`, for so many milliseconds. */
  | { readonly kind: "delay"; readonly ms: number; readonly when?: "before-body" | "before-effect" | "before-answer" }
  /** It happens; the connection dies instead of the answer. */
  | { readonly kind: "lose-answer" }
  /** One bit flips. `stored`: behind the Content-MD5 check, so other bytes are stored and named; `received`: before it. */
  | { readonly kind: "corrupt"; readonly what?: "stored" | "received" }
  /** The bytes are right, but the answer names others: by its ETag, and by its CRC-64 where it has one. */
  | { readonly kind: "wrong-etag" }
  /** The part or object is stored under an ETag that is no MD5, as under KMS. Its CRC-64 is right. */
  | { readonly kind: "opaque-etag" }
  /** 503 with a quota code; `delayMs` as `x-oss-qos-delay-time`, `retryAfterSeconds` as `Retry-After`. */
  | {
      readonly kind: "slow-down";
      readonly code?: string;
      readonly delayMs?: number;
      readonly retryAfterSeconds?: number;
    }
  /** Any refusal. `effect: true`: although it happened; `cors: false`: no page can read it. */
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly effect?: boolean;
      readonly cors?: boolean;
    }
  /** A proxy's HTML page, by default 502, without any header of the service; `cors: false`: nor any CORS header. */
  | { readonly kind: "html"; readonly status?: number; readonly effect?: boolean; readonly cors?: boolean }
  /**
   * The answer of somebody between page and store (a service worker, a gateway, the app's own site): by default an empty 200,
   * and nothing happened. It has the bucket's CORS headers unless `cors: false`, `headers`, and none of the service's.
   */
  | {
      readonly kind: "stranger";
      readonly status?: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly effect?: boolean;
      readonly cors?: boolean;
      /** With a status of 3xx: where the request is to go instead, such as `/_emulator/elsewhere`. */
      readonly location?: string;
    }
  /** Served or refused as ever, but no page can read the answer. `refusals: true`: only one of 400 and above. */
  | { readonly kind: "without-cors"; readonly refusals?: boolean }
  /** It happens; the document of the answer ends in the middle. */
  | { readonly kind: "truncate-answer" }
  /** Half of the body is read, then 400 `RequestTimeout`. Nothing happened. */
  | { readonly kind: "request-timeout" }
  /** The token that signed the request ends now, for this request and all later ones. */
  | { readonly kind: "expire-token"; readonly as?: ExpiredTokenCode }
  /** The upload is really dropped, as by a lifecycle rule, before the request is looked at. */
  | { readonly kind: "gone" }
  /** It happens; the answer is 203 `CallbackFailed`. */
  | { readonly kind: "callback-failed" }
  /** This request's body, both ways, at so many bytes per second. */
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  /** From this request on the service's clock is off by so many milliseconds. */
  | { readonly kind: "clock-skew"; readonly ms: number };

export type FaultKind = Fault["kind"];

/** The kinds that need nothing more said may be given as their name alone. */
export type FaultName = Exclude<FaultKind, "delay" | "error" | "throttle" | "clock-skew">;

export interface FaultSpec {
  readonly on: Action | readonly Action[] | "any";
  readonly bucket?: string;
  readonly key?: string;
  readonly partNumber?: number;
  /** Only requests that are signed, in a header or in the URL; false: only those that nobody signed. Default: both. */
  readonly signed?: boolean;
  /** Lets the first so many matching requests pass. Default 0. */
  readonly after?: number;
  /** How many requests it befalls; `"always"` for all. Default 1. */
  readonly times?: number | "always";
  readonly fault: Fault | FaultName;
}

// The fields a kind may have, with their JSON types; `!` marks one it must have.
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

/** With the times of our centuries it stays within those that a Date can hold. */
export const maxClockOffsetMs = 1e14;

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

/** What can be sent as headers: Node would refuse others only when the answer is written, and nothing would be answered. */
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
  location: "what a header can hold",
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

/** A spec whose fault is spelled out. */
export interface ParsedSpec extends Omit<FaultSpec, "fault"> {
  readonly fault: Fault;
}

const specTypes: Readonly<Record<string, string>> = {
  bucket: "string",
  key: "string",
  partNumber: "number",
  signed: "boolean",
  after: "number",
};

/**
 * Checks a spec from wherever it came, JSON included.
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
