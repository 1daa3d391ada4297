/** A bucket's CORS rules: the answer to a preflight, and the headers of other answers. Pure. */

import type { Answer } from "./http/exchange.js";
import { refusal } from "./oss-error.js";

/** A rule as in the service's CORSRule. The first rule that allows a request applies. */
export interface CorsRule {
  /** Origins such as `https://app.example`, each with one `*` at most. At least one. */
  readonly allowedOrigins: readonly string[];
  /** HTTP methods, or "*". At least one. */
  readonly allowedMethods: readonly string[];
  /** Names of request headers, each with one `*` at most. Default: none. */
  readonly allowedHeaders?: readonly string[];
  /** Names of answer headers that a page may read, without `*`. Default: none. */
  readonly exposeHeaders?: readonly string[];
  /** Seconds for which a browser may keep the answer to a preflight: a whole number from 0. Default: the header is not sent. */
  readonly maxAgeSeconds?: number;
}

/** One rule with everything that a browser uploader needs, for every origin. */
export const defaultCorsRules: readonly CorsRule[] = [
  {
    allowedOrigins: ["*"],
    allowedMethods: ["PUT", "POST", "GET", "DELETE", "HEAD"],
    allowedHeaders: ["*"],
    exposeHeaders: [
      "ETag",
      "x-oss-request-id",
      "x-oss-hash-crc64ecma",
      "x-oss-version-id",
      "x-oss-ec",
      "x-oss-err",
      "x-oss-qos-delay-time",
      "Retry-After",
      "Date",
    ],
    maxAgeSeconds: 600,
  },
];

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** Rules may come from JSON, and end up in headers. Node would refuse to send such a header, and no request would be answered. */
function checkTexts(rule: CorsRule): void {
  const { allowedOrigins, allowedMethods, allowedHeaders = [], exposeHeaders = [], maxAgeSeconds = 0 } = rule;
  for (const [name, texts] of Object.entries({ allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders })) {
    if (!areTexts(texts)) throw new TypeError(`CORS: ${name} must be a list of strings`);
    const unsendable = texts.find((text) => !/^[\x20-\x7e]*$/.test(text));
    if (unsendable !== undefined) throw new TypeError(`CORS: ${JSON.stringify(unsendable)} cannot stand in a header`);
  }
  if (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 0) {
    throw new TypeError(`CORS: maxAgeSeconds must be a whole number, not ${JSON.stringify(maxAgeSeconds)}`);
  }
}

/** @throws TypeError for rules that the service would not accept either */
export function checkCorsRules(rules: readonly CorsRule[]): void {
  const list: unknown = rules;
  if (!Array.isArray(list)) throw new TypeError("CORS: the rules must be a list");
  if (rules.length > 10) throw new TypeError(`CORS: ${rules.length} rules, but a bucket has at most 10`);
  for (const rule of rules) {
    const { allowedOrigins, allowedMethods, allowedHeaders = [], exposeHeaders = [] } = rule ?? {};
    if (!allowedOrigins?.length || !allowedMethods?.length) {
      throw new TypeError("CORS: a rule needs allowedOrigins and allowedMethods");
    }
    checkTexts(rule);
    const crowded = [...allowedOrigins, ...allowedHeaders].find((entry) => entry.split("*").length > 2);
    if (crowded !== undefined) throw new TypeError(`CORS: "${crowded}" has more than one *`);
    const exposed = exposeHeaders.find((entry) => entry.includes("*"));
    if (exposed !== undefined) throw new TypeError(`CORS: exposeHeaders takes no *, but has "${exposed}"`);
  }
}

function fits(pattern: string, value: string): boolean {
  const [before = "", after] = pattern.toLowerCase().split("*");
  const text = value.toLowerCase();
  if (after === undefined) return text === before;
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}

/** The first rule that allows the origin, the method and all of the headers. */
function findRule(
  rules: readonly CorsRule[],
  origin: string,
  method: string,
  headers: readonly string[],
): CorsRule | undefined {
  return rules.find(
    ({ allowedOrigins, allowedMethods, allowedHeaders = [] }) =>
      allowedOrigins.some((pattern) => fits(pattern, origin)) &&
      allowedMethods.some((allowed) => fits(allowed, method)) &&
      headers.every((header) => allowedHeaders.some((pattern) => fits(pattern, header))),
  );
}

function ruleHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const { allowedOrigins, allowedMethods, exposeHeaders = [], maxAgeSeconds } = rule;
  const isForAll = allowedOrigins.includes("*");
  return {
    "Access-Control-Allow-Origin": isForAll ? "*" : origin,
    "Access-Control-Allow-Methods": allowedMethods.join(", "),
    ...(exposeHeaders.length === 0 ? {} : { "Access-Control-Expose-Headers": exposeHeaders.join(", ") }),
    ...(maxAgeSeconds === undefined ? {} : { "Access-Control-Max-Age": String(maxAgeSeconds) }),
    ...(isForAll ? {} : { Vary: "Origin" }),
  };
}

/** The headers that a rule adds to the answer of a request that is no preflight. None if no rule fits; the request is served then too. */
export function corsHeaders(
  rules: readonly CorsRule[],
  origin: string | undefined,
  method: string,
): Readonly<Record<string, string>> {
  if (origin === undefined) return {};
  const rule = findRule(rules, origin, method, []);
  return rule === undefined ? {} : ruleHeaders(rule, origin);
}

/** @throws OssError `BadRequest`, `AccessForbidden` */
export function answerPreflight(rules: readonly CorsRule[], headers: Readonly<Record<string, string>>): Answer {
  const origin = headers.origin;
  const method = headers["access-control-request-method"];
  if (origin === undefined) {
    throw refusal("BadRequest", { message: "Insufficient information. Origin request header needed." });
  }
  if (method === undefined) {
    throw refusal("BadRequest", {
      message: "Insufficient information. Request Access-Control-Request-Method header needed.",
    });
  }
  const asked = (headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const rule = findRule(rules, origin, method, asked);
  if (rule === undefined) throw refusal("AccessForbidden");
  return {
    status: 200,
    headers: {
      ...ruleHeaders(rule, origin),
      ...(asked.length === 0 ? {} : { "Access-Control-Allow-Headers": asked.join(", ") }),
    },
  };
}
