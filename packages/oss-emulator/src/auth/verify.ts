/** Verifies the signature of a request, of either version, in the Authorization header or in the URL. */
import { invalidArgument, refusal } from "../oss-error.js";
import type { Principal } from "./accounts.js";
import { algorithmV4, type SignableRequest } from "./v4.js";
import { queryValue, type Verifier } from "./verifier.js";
import { verifyHeaderV1, verifyUrlV1 } from "./verify-v1.js";
import { verifyHeaderV4, verifyUrlV4 } from "./verify-v4.js";

/** The access key ID that a request names, without a check of its signature; undefined if it names none. */
export function claimedAccessKeyId(
  authorization: string | undefined,
  query: SignableRequest["query"],
): string | undefined {
  const ofHeader = /^OSS ([^:]+):|Credential=([^/,]+)\//.exec(authorization ?? "");
  const ofUrl = query.find(([name]) => name === "x-oss-credential" || name === "OSSAccessKeyId")?.[1];
  return ofHeader?.[1] ?? ofHeader?.[2] ?? ofUrl?.split("/")[0];
}

/**
 * @returns the signer; undefined for a request without a signature
 * @throws OssError, which shows the service's error document and never a secret
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
