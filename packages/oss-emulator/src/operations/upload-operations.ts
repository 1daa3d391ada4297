/** InitiateMultipartUpload, UploadPart, AbortMultipartUpload. */
import { randomBytes } from "node:crypto";
import { partNumberOf } from "../action.js";
import { encodeStrictly } from "../auth/encoding.js";
import { checkLength, receiveBody } from "../http/body.js";
import type { Answer, Exchange } from "../http/exchange.js";
import type { Query } from "../http/target.js";
import { invalidArgument, type OssError, refusal } from "../oss-error.js";
import { type Bucket, findBucket, type Service } from "../service.js";
import type { StoredUpload } from "../storage/records.js";
import { element, xmlDocument } from "../xml.js";
import { forbidsOverwrite, objectTraits } from "./object-traits.js";

/** How an answer writes keys. `encodingType` is its element for that, if any. @throws OssError `InvalidArgument` */
export function keyEncoding(query: Query): {
  readonly encodingType: readonly string[];
  readonly encode: (key: string) => string;
} {
  const type = query.get("encoding-type");
  if (type === undefined || type === "") return { encodingType: [], encode: (key) => key };
  if (type !== "url") throw invalidArgument("encoding-type", type, "Invalid Encoding Method specified in Request.");
  return { encodingType: [element("EncodingType", "url")], encode: encodeStrictly };
}

/** A 200 with an XML document. */
export function xmlAnswer(body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers: { "Content-Type": "application/xml", ...headers }, body };
}

/** @param ec the service's EC for this operation */
export function noSuchUpload(uploadId: string, ec: string): OssError {
  return refusal("NoSuchUpload", { ec, extras: { UploadId: uploadId } });
}

/** Finds the upload that a request names. @throws OssError `NoSuchBucket`, `NoSuchUpload` */
export function findUpload(
  service: Service,
  exchange: Exchange,
  ec: string,
): { bucket: Bucket; upload: StoredUpload; key: string } {
  const { target } = exchange;
  const bucket = findBucket(service, target.bucket);
  const uploadId = target.query.get("uploadId") ?? "";
  const key = target.key ?? "";
  const upload = bucket.store.upload(uploadId, key);
  if (upload === undefined) throw noSuchUpload(uploadId, ec);
  return { bucket, upload, key };
}

/** @throws OssError `FileAlreadyExists` */
export function checkOverwrite(bucket: Bucket, key: string, isForbidden: boolean): void {
  if (isForbidden && bucket.store.object(key) !== undefined) throw refusal("FileAlreadyExists");
}

export async function initiate(service: Service, exchange: Exchange): Promise<Answer> {
  const { target, headers } = exchange;
  const bucket = findBucket(service, target.bucket);
  const key = target.key ?? "";
  const traits = objectTraits(headers);
  const forbidOverwrite = forbidsOverwrite(headers);
  const { encodingType, encode } = keyEncoding(target.query);
  checkOverwrite(bucket, key, forbidOverwrite);
  await exchange.beforeEffect();
  const uploadId = randomBytes(16).toString("hex").toUpperCase();
  const sequential = target.query.has("sequential");
  await bucket.store.createUpload({ uploadId, key, initiated: service.now(), traits, forbidOverwrite, sequential });
  const document = xmlDocument("InitiateMultipartUploadResult", [
    ...encodingType,
    element("Bucket", bucket.name),
    element("Key", encode(key)),
    element("UploadId", uploadId),
  ]);
  return xmlAnswer(document, traits.encryption);
}

function checkSequence(upload: StoredUpload, partNumber: number): void {
  if (!upload.sequential) return;
  const existing = upload.parts.get(partNumber);
  if (existing !== undefined) {
    const extras = { PartNumber: String(partNumber), PartEtag: `"${existing.etag}"` };
    throw refusal("PartAlreadyExist", { extras });
  }
  if (partNumber !== upload.parts.size + 1) throw refusal("PartNotSequential");
}

export async function uploadPart(service: Service, exchange: Exchange): Promise<Answer> {
  const { target, headers } = exchange;
  const ec = "0042-00000104";
  checkLength(exchange);
  const partNumber = partNumberOf(target.query.get("partNumber"));
  if (headers["x-oss-copy-source"] !== undefined) {
    throw refusal("NotImplemented", { extras: { Header: "x-oss-copy-source" } });
  }
  const foreign = Object.keys(headers).find((name) => name.startsWith("x-oss-server-side-"));
  if (foreign !== undefined) throw invalidArgument(foreign, headers[foreign] ?? "");
  const { bucket, upload } = findUpload(service, exchange, ec);
  checkSequence(upload, partNumber);
  const { store } = bucket;
  const body = await receiveBody(exchange, service.connections, store.bodies, bucket.digests);
  const part = {
    partNumber,
    size: body.size,
    etag: body.etag,
    ...(body.crc64 === undefined ? {} : { crc64: body.crc64 }),
    lastModified: service.now(),
    body: { id: body.id, size: body.size },
  };
  const isStored = await store.alone("upload", upload.uploadId, () => store.storePart(upload.uploadId, part));
  // The upload was completed or aborted while the bytes were on their way.
  if (!isStored) throw noSuchUpload(upload.uploadId, ec);
  return {
    status: 200,
    headers: {
      ETag: `"${body.etag}"`,
      ...(body.md5 === undefined ? {} : { "Content-MD5": body.md5 }),
      ...(body.crc64 === undefined ? {} : { "x-oss-hash-crc64ecma": body.crc64 }),
    },
  };
}

export async function abort(service: Service, exchange: Exchange): Promise<Answer> {
  const ec = "0042-00000002";
  const { bucket, upload } = findUpload(service, exchange, ec);
  await exchange.beforeEffect();
  if (!(await bucket.store.abortUpload(upload.uploadId))) throw noSuchUpload(upload.uploadId, ec);
  return { status: 204, headers: {} };
}
