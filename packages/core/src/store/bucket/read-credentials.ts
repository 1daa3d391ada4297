/** Reads the credentials that an app gives, in every spelling that services and libraries use. Pure. */
import { UploadError } from "../../errors.js";

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

/** Compared by identity: it is the same object as long as the same credentials are used. */
export interface ActiveCredentials extends SigningKeys {
  /** Milliseconds since the epoch; undefined if the app named no end. */
  readonly expiresAtMs: number | undefined;
}

/** The names of one field, as services and libraries spell it. Errors use the first. */
type Names = readonly [string, ...string[]];

/** The names of the fields of a service's credentials: the id of the key, its secret, and the token of a temporary key. */
export type CredentialSpellings = readonly [keyId: Names, secret: Names, token: Names];

/**
 * @param temporary with what the id of a temporary key, which needs a token, begins
 * @param answer has the fields, or an object `Credentials` with them, as services that issue temporary keys answer
 * @param what what is wrong, as the subject of the error's message, which never shows a value
 * @throws UploadError `code`, not temporary
 */
export function readCredentials(
  spellings: CredentialSpellings,
  temporary: string,
  answer: unknown,
  code: "credentials" | "invalid-option",
  what: string,
): ActiveCredentials {
  const [keyId, secret, token] = spellings.map(([name]) => name);
  const fail = (problem: string) =>
    new UploadError(code, `${what}: ${problem}`, {
      temporary: false,
      hint: `Expected { ${keyId}, ${secret}, ${token}?, expiration? }, or the same as the STS service spells it.`,
    });
  const outer = recordOf(answer);
  if (outer === undefined) throw fail("is not an object");
  const fields = recordOf(outer.Credentials) ?? recordOf(outer.credentials) ?? outer;
  const text = (names: Names) => {
    const value = names.map((name) => fields[name]).find((candidate) => candidate != null && candidate !== "");
    if (value === undefined) return undefined;
    if (typeof value !== "string" || !/^[!-~]+$/.test(value)) throw fail(`${names[0]} is not plain text`);
    return value;
  };
  const [accessKeyId, accessKeySecret, securityToken] = spellings.map(text);
  const missing = accessKeyId === undefined ? keyId : secret;
  if (accessKeyId === undefined || accessKeySecret === undefined) throw fail(`${missing} is missing${present(fields)}`);
  if (accessKeyId.startsWith(temporary) && securityToken === undefined) {
    throw fail(`${keyId} is a temporary one, but ${token} is missing`);
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
