/** Verifies the V4 signature of a form for PostObject, which is of its policy. */
import { createHmac } from "node:crypto";
import { invalidArgument, refusal } from "../oss-error.js";
import type { Principal } from "./accounts.js";
import { checkPolicy, type PostPolicy, parsePolicy } from "./post-policy.js";
import { algorithmV4, parseTimestampV4, signingKeyV4 } from "./v4.js";
import { checkSkew, dayMs, findPrincipal, mismatch, requestTime, type Verifier } from "./verifier.js";
import { parseCredential } from "./verify-v4.js";

export type FormFields = ReadonlyMap<string, string>;

const fieldsOfV4 = ["x-oss-signature-version", "x-oss-credential", "x-oss-date"];
const ecOfMissing: Readonly<Record<string, string>> = { policy: "0002-00000702", "x-oss-signature": "0002-00000703" };

/** The access key ID that a form names, without a check of its signature; undefined if it names none. */
export function accessKeyIdOfForm(fields: FormFields): string | undefined {
  return fields.get("x-oss-credential")?.split("/")[0] || undefined;
}

function checkPresent(fields: FormFields): void {
  const missing = [...fieldsOfV4, "policy", "x-oss-signature"].find((name) => !fields.get(name));
  if (missing === undefined) return;
  throw invalidArgument(missing, "", `Missing form field ${missing}.`, ecOfMissing[missing]);
}

/**
 * @param now the service's clock
 * @returns the signer, and what it allows; undefined for a form without a signature
 * @throws OssError
 */
export function verifyForm(
  fields: FormFields,
  bucket: string,
  verifier: Verifier,
): { principal: Principal; policy: PostPolicy } | undefined {
  if (fields.has("ossaccesskeyid") || fields.has("signature")) {
    throw refusal("NotImplemented", { message: "The emulator does not implement PostObject with a V1 signature." });
  }
  if (![...fieldsOfV4, "policy", "x-oss-signature"].some((name) => fields.has(name))) return undefined;
  checkPresent(fields);
  const field = (name: string): string => fields.get(name) ?? "";
  const version = field("x-oss-signature-version");
  if (version !== algorithmV4) throw invalidArgument("x-oss-signature-version", version, "Unknown signature version.");
  const { accessKeyId, scope } = parseCredential(field("x-oss-credential"), "form", verifier);
  const token = fields.get("x-oss-security-token");
  const principal = findPrincipal(verifier.accounts, accessKeyId, token);
  const time = requestTime(field("x-oss-date"), parseTimestampV4);
  if (parseTimestampV4(`${scope.date}T000000Z`) !== Math.floor(time / dayMs) * dayMs) {
    throw refusal("InvalidArgument", { message: "Invalid signing date in form." });
  }
  checkSkew(time, verifier.now());
  const policyText = field("policy");
  const provided = field("x-oss-signature");
  const signature = createHmac("sha256", signingKeyV4(principal.secret, scope)).update(policyText).digest("hex");
  if (signature !== provided) throw mismatch(accessKeyId, provided, policyText);
  const policy = parsePolicy(policyText);
  const needed = token === undefined ? fieldsOfV4 : [...fieldsOfV4, "x-oss-security-token"];
  checkPolicy(policy, fields, bucket, needed, verifier.now());
  return { principal, policy };
}
