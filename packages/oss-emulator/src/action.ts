/** The service's operations: their names, the requests that mean each, and the permission that each needs. Pure. */
import type { Target } from "./http/target.js";
import { invalidArgument, type OssError, refusal } from "./oss-error.js";

export const actions = [
  "PutObject",
  "PostObject",
  "GetObject",
  "HeadObject",
  "DeleteObject",
  "InitiateMultipartUpload",
  "UploadPart",
  "ListParts",
  "CompleteMultipartUpload",
  "AbortMultipartUpload",
  "ListMultipartUploads",
  "ListObjects",
  "ListObjectsV2",
  "GetBucketInfo",
  "GetBucketLocation",
  "ListBuckets",
  "Preflight",
  "Unknown",
] as const;

/** An operation of the service; `Preflight` for OPTIONS; `Unknown` for a request that the emulator does not implement. */
export type Action = (typeof actions)[number];

export const permissions = [
  "oss:PutObject",
  "oss:GetObject",
  "oss:DeleteObject",
  "oss:ListParts",
  "oss:AbortMultipartUpload",
  "oss:ListMultipartUploads",
  "oss:ListObjects",
  "oss:GetBucketInfo",
  "oss:GetBucketLocation",
  "oss:ListBuckets",
] as const;

/** A RAM action. PostObject, UploadPart, InitiateMultipartUpload and CompleteMultipartUpload all need `oss:PutObject`; HeadObject needs `oss:GetObject`. */
export type Permission = (typeof permissions)[number];

export type Operation = Exclude<Action, "Preflight" | "Unknown">;

export const permissionFor: Readonly<Record<Operation, Permission>> = {
  PutObject: "oss:PutObject",
  PostObject: "oss:PutObject",
  GetObject: "oss:GetObject",
  HeadObject: "oss:GetObject",
  DeleteObject: "oss:DeleteObject",
  InitiateMultipartUpload: "oss:PutObject",
  UploadPart: "oss:PutObject",
  ListParts: "oss:ListParts",
  CompleteMultipartUpload: "oss:PutObject",
  AbortMultipartUpload: "oss:AbortMultipartUpload",
  ListMultipartUploads: "oss:ListMultipartUploads",
  ListObjects: "oss:ListObjects",
  ListObjectsV2: "oss:ListObjects",
  GetBucketInfo: "oss:GetBucketInfo",
  GetBucketLocation: "oss:GetBucketLocation",
  ListBuckets: "oss:ListBuckets",
};

// Query names that change the meaning of a request and that the emulator does not implement. It refuses such a request: if it
// ignored the name, `PUT /key?acl` would overwrite the object.
const foreignSubResources = [
  "acl",
  "append",
  "comp",
  "cors",
  "delete",
  "lifecycle",
  "logging",
  "policy",
  "qos",
  "referer",
  "replication",
  "restore",
  "stat",
  "symlink",
  "tagging",
  "versionId",
  "versioning",
  "versions",
  "website",
  "x-oss-process",
];

function objectAction(method: string, target: Target): Action {
  const { query } = target;
  switch (method) {
    case "PUT":
      return query.has("uploadId") || query.has("partNumber") ? "UploadPart" : "PutObject";
    case "POST":
      return query.has("uploads")
        ? "InitiateMultipartUpload"
        : query.has("uploadId")
          ? "CompleteMultipartUpload"
          : "Unknown";
    case "GET":
      return query.has("uploadId") ? "ListParts" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "DELETE":
      return query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    default:
      return "Unknown";
  }
}

/** The operation that a request asks for; `Unknown` if the emulator does not implement it. */
export function actionOf(method: string, target: Target): Action {
  const { query } = target;
  if (method === "OPTIONS") return "Preflight";
  if (foreignSubResources.some((name) => query.has(name))) return "Unknown";
  if (target.key !== undefined) return objectAction(method, target);
  // The form is in the body, and names the key.
  const isForm = method === "POST" && target.bucket !== undefined && !query.has("uploads") && !query.has("uploadId");
  if (isForm) return "PostObject";
  if (method !== "GET") return "Unknown";
  if (target.bucket === undefined) return "ListBuckets";
  if (query.has("uploads")) return "ListMultipartUploads";
  if (query.has("location")) return "GetBucketLocation";
  if (query.has("bucketInfo")) return "GetBucketInfo";
  return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
}

/** The refusal of an `Unknown` operation. */
export function unknownAction(method: string, target: Target): OssError {
  const subResource = foreignSubResources.find((name) => target.query.has(name));
  if (subResource !== undefined) {
    return refusal("NotImplemented", {
      message: `The emulator does not implement ${method} with the sub-resource "${subResource}".`,
      extras: { Header: subResource },
    });
  }
  return refusal("MethodNotAllowed", { extras: { Method: method, ResourceType: target.key ? "Object" : "Bucket" } });
}

/**
 * @returns a number from 1 to 10,000
 * @throws OssError `InvalidArgument`
 */
export function partNumberOf(text: string | undefined): number {
  const number = Number(text);
  if (text !== undefined && /^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument("partNumber", text ?? "", "Part number must be an integer between 1 and 10000, inclusive.");
}
