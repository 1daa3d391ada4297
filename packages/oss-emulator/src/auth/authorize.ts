/** Decides whether the signer of a request, or anybody, may do what it asks. Pure. */
import { type Operation, permissionFor } from "../action.js";
import type { Target } from "../http/target.js";
import { refusal } from "../oss-error.js";
import type { Bucket } from "../service.js";
import type { Principal } from "./accounts.js";

const reading = new Set<Operation>(["GetObject", "HeadObject"]);

function isPublic(operation: Operation, target: Target, bucket: Bucket | undefined): boolean {
  if (bucket === undefined || target.key === undefined) return false;
  const ofObject = bucket.store.object(target.key)?.acl ?? "default";
  const acl = ofObject === "default" ? bucket.acl : ofObject;
  return acl === "public-read-write" || (acl === "public-read" && reading.has(operation));
}

const ofBucketsAlone = new Set<Operation>(["ListBuckets", "GetBucketInfo", "GetBucketLocation"]);

/**
 * @param principal undefined for an unsigned request
 * @throws OssError `AccessDenied`; `EmulatorOwnDomainOnly` by another host than the bucket wants
 */
export function authorize(
  principal: Principal | undefined,
  operation: Operation,
  target: Target,
  bucket: Bucket | undefined,
): void {
  const isWrongHost = bucket?.ownDomainOnly === true && !target.isOwnDomain;
  if (isWrongHost && !ofBucketsAlone.has(operation)) throw refusal("EmulatorOwnDomainOnly");
  if (isPublic(operation, target, bucket)) return;
  if (principal === undefined) throw refusal("AccessDenied");
  const prefix = principal.policyPrefix;
  // A policy for `bucket/prefix*` allows keys and not the bucket, so an operation on the whole bucket is refused too.
  const isInPrefix = prefix === undefined || target.key?.startsWith(prefix) === true;
  if (!principal.permissions.has(permissionFor[operation]) || !isInPrefix) throw refusal("AccessDenied");
}
