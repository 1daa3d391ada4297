/** Verifies signature V1, in the Authorization header or in the URL. */
import { refusal } from "../oss-error.js";
import type { Principal } from "./accounts.js";
import { signatureV1, stringToSignV1 } from "./v1.js";
import type { SignableRequest } from "./v4.js";
import {
  checkSkew,
  findPrincipal,
  mismatch,
  parseRfc1123,
  queryValue,
  requestTime,
  urlExpired,
  type Verifier,
} from "./verifier.js";

/** @throws OssError */
export function verifyHeaderV1(request: SignableRequest, authorization: string, verifier: Verifier): Principal {
  const match = /^OSS ([^:]+):(\S+)$/.exec(authorization);
  const [, accessKeyId, provided] = match ?? [];
  if (accessKeyId === undefined || provided === undefined) {
    throw refusal("InvalidArgument", { message: "Authorization header is invalid." });
  }
  const principal = findPrincipal(verifier.accounts, accessKeyId, request.headers["x-oss-security-token"]);
  const date = request.headers["x-oss-date"] ?? request.headers.date;
  checkSkew(requestTime(date, parseRfc1123), verifier.now());
  const stringToSign = stringToSignV1(request, date ?? "");
  if (signatureV1(principal.secret, stringToSign) === provided) return principal;
  throw mismatch(accessKeyId, provided, stringToSign);
}

/** @throws OssError */
export function verifyUrlV1(request: SignableRequest, verifier: Verifier): Principal {
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
  if (now > Number(expires) * 1000) throw urlExpired(Number(expires) * 1000, now);
  const stringToSign = stringToSignV1(request, expires);
  if (signatureV1(principal.secret, stringToSign) === provided) return principal;
  throw mismatch(accessKeyId, provided, stringToSign);
}
