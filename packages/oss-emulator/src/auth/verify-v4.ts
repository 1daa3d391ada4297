/** Verifies signature V4, in the Authorization header or in the URL. */
import { invalidArgument, refusal } from "../oss-error.js";
import type { Principal } from "./accounts.js";
import {
  additionalHeaders,
  algorithmV4,
  canonicalRequest,
  parseTimestampV4,
  type Scope,
  type SignableRequest,
  signatureV4,
  stringToSignV4,
  timestampV4,
  unsignedPayload,
} from "./v4.js";
import {
  checkSkew,
  dayMs,
  findPrincipal,
  maxSkewMs,
  mismatch,
  parseRfc1123,
  queryValue,
  requestTime,
  urlExpired,
  type Verifier,
} from "./verifier.js";

interface CredentialV4 {
  readonly accessKeyId: string;
  readonly scope: Scope;
}

/** @param source the service's words for where the credential is: "Authorization header", "query" or "form" */
export function parseCredential(text: string, source: string, verifier: Verifier): CredentialV4 {
  const pieces = text.split("/");
  const [request, product, region, date] = pieces.reverse();
  const accessKeyId = pieces.slice(4).reverse().join("/");
  if (!accessKeyId || !date || !region || !product || request !== "aliyun_v4_request") {
    throw refusal("InvalidArgument", { message: `Invalid Credential in ${source}.` });
  }
  if (product !== "oss") throw refusal("InvalidArgument", { message: `Invalid signing product in ${source}.` });
  if (region !== verifier.region) {
    throw refusal("InvalidArgument", { message: `Invalid signing region in ${source}.` });
  }
  return { accessKeyId, scope: { date, region, product } };
}

// Lets a scope's date within a day of the service's pass: the skew check then refuses the request and tells the server's time. A date
// further off is refused here, without the server's time.
function checkScopeDate(scope: Scope, timestamp: number, verifier: Verifier, source: string, ec: string): void {
  const day = parseTimestampV4(`${scope.date}T000000Z`);
  const today = Math.floor(verifier.now() / dayMs) * dayMs;
  const isOfTimestamp = day === Math.floor(timestamp / dayMs) * dayMs;
  if (day !== undefined && isOfTimestamp && Math.abs(day - today) <= dayMs) return;
  throw refusal("InvalidArgument", { message: `Invalid signing date in ${source}.`, ec });
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

/** @throws OssError */
export function verifyHeaderV4(request: SignableRequest, authorization: string, verifier: Verifier): Principal {
  const source = "Authorization header";
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
  if (!provided) throw refusal("InvalidArgument", { message: `Missing Signature in ${source}.` });
  const credential = parseCredential(fields.get("Credential") ?? "", source, verifier);
  const payload = request.headers["x-oss-content-sha256"];
  if (payload !== unsignedPayload) {
    throw invalidArgument("x-oss-content-sha256", payload ?? "", "x-oss-content-sha256 must be UNSIGNED-PAYLOAD.");
  }
  const principal = findPrincipal(verifier.accounts, credential.accessKeyId, request.headers["x-oss-security-token"]);
  const sent = request.headers["x-oss-date"] ?? request.headers.date;
  const time = requestTime(sent, parseTimestampV4, parseRfc1123);
  checkScopeDate(credential.scope, time, verifier, source, "0002-00000212");
  checkSkew(time, verifier.now());
  // The signed text holds the date in ISO form, also if it was sent in the form of RFC 1123.
  const timestamp = parseTimestampV4(sent ?? "") === undefined ? timestampV4(time) : (sent ?? "");
  const additional = fields.get("AdditionalHeaders") ?? "";
  checkSignatureV4(request, principal, credential.scope, timestamp, additional, provided);
  return principal;
}

/** @throws OssError */
export function verifyUrlV4(request: SignableRequest, verifier: Verifier): Principal {
  const source = "query";
  const provided = queryValue(request, "x-oss-signature");
  if (!provided) throw refusal("InvalidArgument", { message: "Missing x-oss-signature in query." });
  const credential = parseCredential(queryValue(request, "x-oss-credential") ?? "", source, verifier);
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
  const time = requestTime(sent, parseTimestampV4);
  const expires = queryValue(request, "x-oss-expires");
  if (!expires) {
    throw invalidArgument("x-oss-expires", "", "Missing x-oss-expires in query.", "0002-00000215");
  }
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires) || seconds < 1 || seconds > 604_800) {
    throw invalidArgument("x-oss-expires", expires, "x-oss-expires must be between 1 and 604800 seconds.");
  }
  const now = verifier.now();
  // A URL may have been signed as long ago as it is good for, so the scope's date is compared with the URL's date and not with today.
  const day = parseTimestampV4(`${credential.scope.date}T000000Z`);
  if (day !== Math.floor(time / dayMs) * dayMs) {
    throw refusal("InvalidArgument", { message: "Invalid signing date in query.", ec: "0002-00000223" });
  }
  if (now < time - maxSkewMs) {
    throw refusal("AccessDenied", { message: "Request is not valid yet.", ec: "0002-00000235" });
  }
  if (now > time + seconds * 1000) throw urlExpired(time + seconds * 1000, now);
  checkSignatureV4(request, principal, credential.scope, sent ?? "", additional ?? "", provided);
  return principal;
}
