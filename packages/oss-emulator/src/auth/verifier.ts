/** What both signature versions need for verifying: keys, the clock, and the service's refusals. */
import { type OssError, refusal } from "../oss-error.js";
import type { Accounts, Principal } from "./accounts.js";
import type { SignableRequest } from "./v4.js";

export const maxSkewMs = 15 * 60_000;
export const dayMs = 86_400_000;

export interface Verifier {
  readonly accounts: Accounts;
  readonly region: string;
  /** The service's clock: milliseconds since the epoch. */
  now(): number;
}

export function queryValue(request: SignableRequest, name: string): string | undefined {
  return request.query.find(([other]) => other === name)?.[1];
}

function hexBytes(text: string): string {
  return (Buffer.from(text, "latin1").toString("hex").toUpperCase().match(/../g) ?? []).join(" ");
}

function readable(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** The refusal of a wrong signature. It shows the text that the emulator signed. */
export function mismatch(accessKeyId: string, provided: string, stringToSign: string, canonical?: string): OssError {
  return refusal("SignatureDoesNotMatch", {
    extras: {
      OSSAccessKeyId: accessKeyId,
      SignatureProvided: provided,
      StringToSign: readable(stringToSign),
      StringToSignBytes: hexBytes(stringToSign),
      ...(canonical === undefined
        ? {}
        : { CanonicalRequest: readable(canonical), CanonicalRequestBytes: hexBytes(canonical) }),
    },
  });
}

/** @throws OssError `InvalidAccessKeyId`, `InvalidSecurityToken`, `SecurityTokenExpired` */
export function findPrincipal(accounts: Accounts, accessKeyId: string, securityToken: string | undefined): Principal {
  const principal = accounts.find(accessKeyId);
  const unknown = refusal("InvalidAccessKeyId", { extras: { OSSAccessKeyId: accessKeyId } });
  if (principal === undefined) throw unknown;
  if (principal.token === undefined) {
    if (securityToken === undefined) return principal;
    throw refusal("InvalidSecurityToken");
  }
  // A temporary key without its token is unknown.
  if (securityToken === undefined) throw unknown;
  if (securityToken !== principal.token.text) throw refusal("InvalidSecurityToken");
  if (principal.token.expiredAs === "InvalidAccessKeyId") throw unknown;
  if (principal.token.expiredAs === "SecurityTokenExpired") throw refusal("SecurityTokenExpired");
  return principal;
}

export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}.000Z`;
}

/** @throws OssError `RequestTimeTooSkewed` if the request's time is more than 15 minutes from the service's */
export function checkSkew(time: number, now: number): void {
  if (Math.abs(time - now) <= maxSkewMs) return;
  throw refusal("RequestTimeTooSkewed", {
    extras: {
      MaxAllowedSkewMilliseconds: String(maxSkewMs),
      RequestTime: isoSeconds(time),
      ServerTime: isoSeconds(now),
    },
  });
}

/** Reads a time such as Thu, 31 Jul 2025 00:00:00 GMT. @returns milliseconds since the epoch; undefined for any other text */
export function parseRfc1123(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** Reads the request's time by the first of `parsers` that can. @throws OssError `AccessDenied` if there is none that can */
export function requestTime(
  text: string | undefined,
  ...parsers: readonly ((text: string) => number | undefined)[]
): number {
  const message = "OSS authentication requires a valid Date.";
  if (!text) throw refusal("AccessDenied", { message, ec: "0002-00000503" });
  const time = parsers.map((parse) => parse(text)).find((parsed) => parsed !== undefined);
  if (time === undefined) throw refusal("AccessDenied", { message, ec: "0002-00000505" });
  return time;
}

/** The refusal of a presigned URL after its end. */
export function urlExpired(expires: number, now: number): OssError {
  return refusal("AccessDenied", {
    message: "Request has expired.",
    extras: { Expires: isoSeconds(expires), ServerTime: isoSeconds(now) },
  });
}
