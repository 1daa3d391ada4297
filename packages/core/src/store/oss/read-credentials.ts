/** What an app gives for credentials, in every spelling that is about. Pure. */
import { UploadError } from "../../errors.js";
import type { SigningKeys } from "./canonical.js";

/** One object for as long as the same credentials are used: compared by identity. */
export interface ActiveCredentials extends SigningKeys {
  /** Milliseconds since the epoch; undefined = until further notice. */
  readonly expiresAtMs: number | undefined;
}

/**
 * Accepts the spellings of this library, of the STS service (`AccessKeyId`…, also inside its `Credentials`) and of ali-oss
 * (`stsToken`).
 *
 * @param what named in the error, which never shows a value
 * @throws UploadError `code`, not temporary
 */
export function readCredentials(
  answer: unknown,
  code: "credentials" | "invalid-option",
  what: string,
): ActiveCredentials {
  const fail = (problem: string) =>
    new UploadError(code, `${what}: ${problem}`, {
      temporary: false,
      hint: "Expected { accessKeyId, accessKeySecret, securityToken?, expiration? }, or the same as the STS service spells it.",
    });
  const outer = recordOf(answer);
  if (outer === undefined) throw fail("is not an object");
  const fields = recordOf(outer.Credentials) ?? recordOf(outer.credentials) ?? outer;
  const text = (name: string, ...spellings: string[]) => {
    const value = spellings
      .map((spelling) => fields[spelling])
      .find((candidate) => candidate != null && candidate !== "");
    if (value === undefined) return undefined;
    if (typeof value !== "string" || !/^[!-~]+$/.test(value)) throw fail(`${name} is not plain text`);
    return value;
  };
  const accessKeyId = text("accessKeyId", "accessKeyId", "AccessKeyId");
  const accessKeySecret = text("accessKeySecret", "accessKeySecret", "AccessKeySecret");
  const securityToken = text("securityToken", "securityToken", "SecurityToken", "stsToken");
  const missing = accessKeyId === undefined ? "accessKeyId" : "accessKeySecret";
  if (accessKeyId === undefined || accessKeySecret === undefined) throw fail(`${missing} is missing${present(fields)}`);
  if (accessKeyId.startsWith("STS.") && securityToken === undefined) {
    throw fail("accessKeyId is a temporary one, but securityToken is missing");
  }
  const expiration = fields.expiration ?? fields.Expiration ?? undefined;
  const expiresAtMs = expiration === undefined ? undefined : timeOf(expiration);
  if (Number.isNaN(expiresAtMs)) throw fail("expiration is not a date");
  return { accessKeyId, accessKeySecret, securityToken, expiresAtMs };
}

/** @returns milliseconds since the epoch; NaN when it is none of: Date, ISO text, seconds, milliseconds, either as text */
export function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "string" && !/^\d+$/.test(value)) return Date.parse(value);
  if (typeof value !== "number" && typeof value !== "string") return Number.NaN;
  // 10¹¹ seconds is the year 5138, 10¹¹ milliseconds is 1973.
  const number = Number(value);
  return Math.abs(number) < 1e11 ? number * 1000 : number;
}

/** What an application server has wrapped it in shows in the names. Those that look like none may be values: they are not told. */
function present(fields: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(fields).filter((name) => /^[a-z_]{1,24}$/i.test(name));
  return names.length === 0 ? "" : ` among: ${names.slice(0, 8).join(", ")}`;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}
