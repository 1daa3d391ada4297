/** Decides who signed a request, or refuses it in the service's words. Knows both versions, in headers and in URLs. */
import { invalidArgument, type OssError, refusal } from "../oss-error.js";
import type { Accounts, Principal } from "./accounts.js";
import { signatureV1, stringToSignV1 } from "./v1.js";
import {
  additionalHeaders,
  algorithmV4,
  canonicalRequest,
  parseTimestampV4,
  type Scope,
  type SignableRequest,
  signatureV4,
  stringToSignV4,
  unsignedPayload,
} from "./v4.js";

const maxSkewMs = 15 * 60_000;
const dayMs = 86_400_000;

export interface Verifier {
  readonly accounts: Accounts;
  readonly region: string;
  /** The service's clock, milliseconds. */
  now(): number;
}

function queryValue(request: SignableRequest, name: string): string | undefined {
  return request.query.find(([other]) => other === name)?.[1];
}

function hexBytes(text: string): string {
  return (Buffer.from(text, "latin1").toString("hex").toUpperCase().match(/../g) ?? []).join(" ");
}

function readable(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

function mismatch(accessKeyId: string, provided: string, stringToSign: string, canonical?: string): OssError {
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

function findPrincipal(accounts: Accounts, accessKeyId: string, securityToken: string | undefined): Principal {
  const principal = accounts.find(accessKeyId);
  const unknown = refusal("InvalidAccessKeyId", { extras: { OSSAccessKeyId: accessKeyId } });
  if (principal === undefined) throw unknown;
  if (principal.token === undefined) {
    if (securityToken === undefined) return principal;
    throw refusal("InvalidSecurityToken");
  }
  // A temporary key is only a key together with its token.
  if (securityToken === undefined) throw unknown;
  if (securityToken !== principal.token.text) throw refusal("InvalidSecurityToken");
  if (principal.token.expiredAs === "InvalidAccessKeyId") throw unknown;
  if (principal.token.expiredAs === "SecurityTokenExpired") throw refusal("SecurityTokenExpired");
  return principal;
}

function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}.000Z`;
}

function checkSkew(time: number, now: number): void {
  if (Math.abs(time - now) <= maxSkewMs) return;
  throw refusal("RequestTimeTooSkewed", {
    extras: {
      MaxAllowedSkewMilliseconds: String(maxSkewMs),
      RequestTime: isoSeconds(time),
      ServerTime: isoSeconds(now),
    },
  });
}

interface CredentialV4 {
  readonly accessKeyId: string;
  readonly scope: Scope;
}

/** @param place how the service calls where the credential stood; its EC for a date out of range */
function parseCredential(text: string, place: string, verifier: Verifier): CredentialV4 {
  const pieces = text.split("/");
  const [request, product, region, date] = pieces.reverse();
  const accessKeyId = pieces.slice(4).reverse().join("/");
  if (!accessKeyId || !date || !region || !product || request !== "aliyun_v4_request") {
    throw refusal("InvalidArgument", { message: `Invalid Credential in ${place}.` });
  }
  if (product !== "oss") throw refusal("InvalidArgument", { message: `Invalid signing product in ${place}.` });
  if (region !== verifier.region) {
    throw refusal("InvalidArgument", { message: `Invalid signing region in ${place}.` });
  }
  return { accessKeyId, scope: { date, region, product } };
}

// A scope date within a day of the service's passes on to the skew check, whose answer names the server's time; one
// further off is refused without it.
function checkScopeDate(scope: Scope, timestamp: number, verifier: Verifier, place: string, ec: string): void {
  const day = parseTimestampV4(`${scope.date}T000000Z`);
  const today = Math.floor(verifier.now() / dayMs) * dayMs;
  const isOfTimestamp = day === Math.floor(timestamp / dayMs) * dayMs;
  if (day !== undefined && isOfTimestamp && Math.abs(day - today) <= dayMs) return;
  throw refusal("InvalidArgument", { message: `Invalid signing date in ${place}.`, ec });
}

function requestTime(text: string | undefined): number {
  if (text === undefined || text === "") {
    throw refusal("AccessDenied", { message: "OSS authentication requires a valid Date.", ec: "0002-00000503" });
  }
  const time = parseTimestampV4(text) ?? Date.parse(text);
  if (Number.isNaN(time)) {
    throw refusal("AccessDenied", { message: "OSS authentication requires a valid Date.", ec: "0002-00000505" });
  }
  return time;
}

function checkSignatureV4(
  request: SignableRequest,
  principal: Principal,
  scope: Scope,
  timestamp: string,
  additional: string,
  provided: string,
): void {
  const names = additionalHeaders(additional === "" ? [] : additional.split(";"), request.headers);
  const canonical = canonicalRequest(request, names);
  const stringToSign = stringToSignV4(timestamp, scope, canonical);
  if (signatureV4(principal.secret, scope, stringToSign) !== provided) {
    throw mismatch(principal.accessKeyId, provided, stringToSign, canonical);
  }
}

function verifyHeaderV4(request: SignableRequest, authorization: string, verifier: Verifier): Principal {
  const place = "Authorization header";
  const fields = new Map(
    authorization
      .slice(algorithmV4.length)
      .split(",")
      .map((field) => {
        const [name = "", ...value] = field.trim().split("=");
        return [name, value.join("=")] as const;
      }),
  );
  const provided = fields.get("Signature");
  if (!provided) throw refusal("InvalidArgument", { message: `Missing Signature in ${place}.` });
  const credential = parseCredential(fields.get("Credential") ?? "", place, verifier);
  const payload = request.headers["x-oss-content-sha256"];
  if (payload !== unsignedPayload) {
    throw invalidArgument("x-oss-content-sha256", payload ?? "", "x-oss-content-sha256 must be UNSIGNED-PAYLOAD.");
  }
  const principal = findPrincipal(verifier.accounts, credential.accessKeyId, request.headers["x-oss-security-token"]);
  const sent = request.headers["x-oss-date"] ?? request.headers.date;
  const time = requestTime(sent);
  checkScopeDate(credential.scope, time, verifier, place, "0002-00000212");
  checkSkew(time, verifier.now());
  // The ISO form is signed even where the date travelled as RFC 1123.
  const timestamp = parseTimestampV4(sent ?? "") === undefined ? isoSeconds(time).replace(/[-:]|\.000/g, "") : sent;
  const additional = fields.get("AdditionalHeaders") ?? "";
  checkSignatureV4(request, principal, credential.scope, timestamp ?? "", additional, provided);
  return principal;
}

function expired(expires: number, now: number): OssError {
  return refusal("AccessDenied", {
    message: "Request has expired.",
    extras: { Expires: isoSeconds(expires), ServerTime: isoSeconds(now) },
  });
}

function verifyUrlV4(request: SignableRequest, verifier: Verifier): Principal {
  const place = "query";
  const provided = queryValue(request, "x-oss-signature");
  if (!provided) throw refusal("InvalidArgument", { message: "Missing x-oss-signature in query." });
  const credential = parseCredential(queryValue(request, "x-oss-credential") ?? "", place, verifier);
  const additional = queryValue(request, "x-oss-additional-headers");
  if (additional === "") {
    throw invalidArgument("x-oss-additional-headers", "", "x-oss-additional-headers is empty.", "0002-00000076");
  }
  const principal = findPrincipal(
    verifier.accounts,
    credential.accessKeyId,
    queryValue(request, "x-oss-security-token"),
  );
  const sent = queryValue(request, "x-oss-date");
  const time = requestTime(sent);
  const expires = queryValue(request, "x-oss-expires");
  if (!expires) {
    throw invalidArgument("x-oss-expires", "", "Missing x-oss-expires in query.", "0002-00000215");
  }
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires) || seconds < 1 || seconds > 604_800) {
    throw invalidArgument("x-oss-expires", expires, "x-oss-expires must be between 1 and 604800 seconds.");
  }
  const now = verifier.now();
  // The date of a URL may lie back as far as its life is long, so only its own scope binds the scope date here.
  const day = parseTimestampV4(`${credential.scope.date}T000000Z`);
  if (day !== Math.floor(time / dayMs) * dayMs) {
    throw refusal("InvalidArgument", { message: "Invalid signing date in query.", ec: "0002-00000223" });
  }
  if (now < time - maxSkewMs) {
    throw refusal("AccessDenied", { message: "Request is not valid yet.", ec: "0002-00000235" });
  }
  if (now > time + seconds * 1000) throw expired(time + seconds * 1000, now);
  checkSignatureV4(request, principal, credential.scope, sent ?? "", additional ?? "", provided);
  return principal;
}

function verifyHeaderV1(request: SignableRequest, authorization: string, verifier: Verifier): Principal {
  const match = /^OSS ([^:]+):(\S+)$/.exec(authorization);
  const [, accessKeyId, provided] = match ?? [];
  if (accessKeyId === undefined || provided === undefined) {
    throw refusal("InvalidArgument", { message: "Authorization header is invalid." });
  }
  const principal = findPrincipal(verifier.accounts, accessKeyId, request.headers["x-oss-security-token"]);
  const date = request.headers["x-oss-date"] ?? request.headers.date;
  checkSkew(requestTime(date), verifier.now());
  const stringToSign = stringToSignV1(request, date ?? "");
  if (signatureV1(principal.secret, stringToSign) === provided) return principal;
  throw mismatch(accessKeyId, provided, stringToSign);
}

function verifyUrlV1(request: SignableRequest, verifier: Verifier): Principal {
  const accessKeyId = queryValue(request, "OSSAccessKeyId");
  const expires = queryValue(request, "Expires");
  const provided = queryValue(request, "Signature");
  if (!accessKeyId || !provided || !expires || !/^\d+$/.test(expires)) {
    throw refusal("AccessDenied", {
      message: "Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters.",
    });
  }
  const principal = findPrincipal(verifier.accounts, accessKeyId, queryValue(request, "security-token"));
  const now = verifier.now();
  if (now > Number(expires) * 1000) throw expired(Number(expires) * 1000, now);
  const stringToSign = stringToSignV1(request, expires);
  if (signatureV1(principal.secret, stringToSign) === provided) return principal;
  throw mismatch(accessKeyId, provided, stringToSign);
}

/** The access key that a request names, whether or not it may; undefined when it names none. */
export function claimedAccessKeyId(
  authorization: string | undefined,
  query: SignableRequest["query"],
): string | undefined {
  const ofHeader = /^OSS ([^:]+):|Credential=([^/,]+)\//.exec(authorization ?? "");
  const ofUrl = query.find(([name]) => name === "x-oss-credential" || name === "OSSAccessKeyId")?.[1];
  return ofHeader?.[1] ?? ofHeader?.[2] ?? ofUrl?.split("/")[0];
}

/**
 * @returns who signed; undefined when nobody did
 * @throws OssError with what the service's error document holds, never a secret
 */
export function verify(request: SignableRequest, verifier: Verifier): Principal | undefined {
  const authorization = request.headers.authorization;
  const isUrlV4 = queryValue(request, "x-oss-signature-version") !== undefined;
  const isUrlV1 = ["OSSAccessKeyId", "Signature"].some((name) => queryValue(request, name) !== undefined);
  if (authorization !== undefined && (isUrlV4 || isUrlV1)) {
    throw refusal("InvalidArgument", {
      message: "A request must not be signed both in its URL and in its Authorization header.",
    });
  }
  if (authorization?.startsWith(`${algorithmV4} `)) return verifyHeaderV4(request, authorization, verifier);
  if (authorization !== undefined) return verifyHeaderV1(request, authorization, verifier);
  if (isUrlV4) {
    const version = queryValue(request, "x-oss-signature-version") ?? "";
    if (version === algorithmV4) return verifyUrlV4(request, verifier);
    throw invalidArgument("x-oss-signature-version", version, "Unknown signature version.");
  }
  return isUrlV1 ? verifyUrlV1(request, verifier) : undefined;
}
