/** Runs the operation that a request asks for, after checks of its names, bucket, signature and permission. */
import { type Operation, unknownAction } from "../action.js";
import { authorize } from "../auth/authorize.js";
import type { Verifier } from "../auth/verifier.js";
import { verify } from "../auth/verify.js";
import { answerPreflight } from "../cors.js";
import type { Answer, Exchange } from "../http/exchange.js";
import { checkNames } from "../http/target.js";
import { findBucket, type Service } from "../service.js";
import { complete } from "./complete.js";
import {
  getBucketInfo,
  getBucketLocation,
  listBuckets,
  listMultipartUploads,
  listObjects,
  listParts,
} from "./list-operations.js";
import { deleteObject, getObject, headObject, putObject } from "./object-operations.js";
import { postObject } from "./post-object.js";
import { abort, initiate, uploadPart } from "./upload-operations.js";

type Perform = (service: Service, exchange: Exchange) => Promise<Answer>;

const operations: Readonly<Record<Exclude<Operation, "PostObject">, Perform>> = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
  InitiateMultipartUpload: initiate,
  UploadPart: uploadPart,
  ListParts: listParts,
  CompleteMultipartUpload: complete,
  AbortMultipartUpload: abort,
  ListMultipartUploads: listMultipartUploads,
  ListObjects: listObjects,
  ListObjectsV2: listObjects,
  GetBucketInfo: getBucketInfo,
  GetBucketLocation: getBucketLocation,
  ListBuckets: listBuckets,
};

/** @throws OssError for a refused request, Disconnected if the connection has ended */
export async function operate(service: Service, verifier: Verifier, exchange: Exchange): Promise<Answer> {
  const { action, target, method, headers } = exchange;
  if (action === "Preflight") {
    // Browsers do not sign preflights.
    const rules = findBucket(service, target.bucket).cors;
    await exchange.beforeEffect();
    return answerPreflight(rules, headers);
  }
  checkNames(target);
  const bucket = target.bucket === undefined ? undefined : findBucket(service, target.bucket);
  // A signature in its headers or its URL is not looked at: the form has one.
  if (action === "PostObject") return postObject(service, verifier, exchange);
  const { bucket: bucketName, key, query } = target;
  const principal = verify({ method, bucket: bucketName, key, query: query.pairs, headers }, verifier);
  if (action === "Unknown") throw unknownAction(method, target);
  authorize(principal, action, target, bucket);
  // Operations that change something call it themselves, after they have read the body.
  if (method === "GET" || method === "HEAD") await exchange.beforeEffect();
  return operations[action](service, exchange);
}
