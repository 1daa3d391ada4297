/** ListParts, ListMultipartUploads, ListObjects (V1 and V2), GetBucketInfo, GetBucketLocation, ListBuckets. */
import type { Answer, Exchange } from "../http/exchange.js";
import { type Bucket, findBucket, type Service } from "../service.js";
import type { StoredObject } from "../storage/records.js";
import { element, parent, xmlDocument } from "../xml.js";
import { byUtf8, integerOf, pageOf } from "./listing.js";
import { findUpload, keyEncoding, xmlAnswer } from "./upload-operations.js";

function iso(time: number): string {
  return new Date(time).toISOString();
}

export async function listParts(service: Service, exchange: Exchange): Promise<Answer> {
  const { query } = exchange.target;
  const { encodingType, encode } = keyEncoding(query);
  const limit = integerOf(query, "max-parts", 1000, 1, 1000);
  const marker = integerOf(query, "part-number-marker", 0, 0, 999_999_999);
  const { bucket, upload, key } = findUpload(service, exchange, "0042-00000002");
  const following = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const page = following.slice(0, limit);
  const document = xmlDocument("ListPartsResult", [
    ...encodingType,
    element("Bucket", bucket.name),
    element("Key", encode(key)),
    element("UploadId", upload.uploadId),
    element("StorageClass", upload.traits.storageClass),
    element("PartNumberMarker", marker),
    element("NextPartNumberMarker", page.at(-1)?.partNumber ?? marker),
    element("MaxParts", limit),
    element("IsTruncated", String(following.length > page.length)),
    ...page.map(({ partNumber, lastModified, etag, crc64, size }) =>
      parent("Part", [
        element("PartNumber", partNumber),
        element("LastModified", iso(lastModified)),
        element("ETag", `"${etag}"`),
        ...(crc64 === undefined || !service.listPartsCrc ? [] : [element("HashCrc64ecma", crc64)]),
        element("Size", size),
      ]),
    ),
  ]);
  return xmlAnswer(document);
}

export async function listMultipartUploads(service: Service, exchange: Exchange): Promise<Answer> {
  const { query } = exchange.target;
  const { encodingType, encode } = keyEncoding(query);
  const bucket = findBucket(service, exchange.target.bucket);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = integerOf(query, "max-uploads", 1000, 1, 1000);
  const keyMarker = query.get("key-marker") ?? "";
  // The service ignores it without a key marker.
  const idMarker = keyMarker === "" ? "" : (query.get("upload-id-marker") ?? "");
  const sorted = bucket.store.uploads().sort((a, b) => byUtf8(a.key, b.key) || byUtf8(a.uploadId, b.uploadId));
  const page = pageOf(sorted, { prefix, delimiter, limit }, (name, { uploadId }, isPrefix) => {
    const order = byUtf8(name, keyMarker);
    return order > 0 || (order === 0 && !isPrefix && idMarker !== "" && uploadId > idMarker);
  });
  const document = xmlDocument("ListMultipartUploadsResult", [
    ...encodingType,
    element("Bucket", bucket.name),
    element("KeyMarker", encode(keyMarker)),
    element("UploadIdMarker", idMarker),
    element("NextKeyMarker", encode(page.last?.name ?? "")),
    element("NextUploadIdMarker", page.last?.item?.uploadId ?? ""),
    element("Delimiter", encode(delimiter)),
    element("Prefix", encode(prefix)),
    element("MaxUploads", limit),
    element("IsTruncated", String(page.isTruncated)),
    ...page.items.map(({ key, uploadId, initiated, traits }) =>
      parent("Upload", [
        element("Key", encode(key)),
        element("UploadId", uploadId),
        element("StorageClass", traits.storageClass),
        element("Initiated", iso(initiated)),
      ]),
    ),
    ...page.prefixes.map((name) => parent("CommonPrefixes", [element("Prefix", encode(name))])),
  ]);
  return xmlAnswer(document);
}

const owner = parent("Owner", [element("ID", "emulator"), element("DisplayName", "emulator")]);

function contents(objects: readonly StoredObject[], encode: (key: string) => string, withOwner: boolean): string[] {
  return objects.map(({ key, lastModified, etag, type, size, storageClass }) =>
    parent("Contents", [
      element("Key", encode(key)),
      element("LastModified", iso(lastModified)),
      element("ETag", `"${etag}"`),
      element("Type", type),
      element("Size", size),
      element("StorageClass", storageClass),
      ...(withOwner ? [owner] : []),
    ]),
  );
}

export async function listObjects(service: Service, exchange: Exchange): Promise<Answer> {
  const { query } = exchange.target;
  const { encodingType, encode } = keyEncoding(query);
  const bucket = findBucket(service, exchange.target.bucket);
  const isV2 = exchange.action === "ListObjectsV2";
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = integerOf(query, "max-keys", 100, 1, 1000);
  const token = query.get("continuation-token");
  const decodedToken = token === undefined ? undefined : Buffer.from(token, "base64").toString("utf8");
  const marker = (isV2 ? (decodedToken ?? query.get("start-after")) : query.get("marker")) ?? "";
  const sorted = bucket.store.objects().sort((a, b) => byUtf8(a.key, b.key));
  const page = pageOf(sorted, { prefix, delimiter, limit }, (name) => byUtf8(name, marker) > 0);
  const next = page.isTruncated ? (page.last?.name ?? "") : "";
  const nextMarker = isV2
    ? element("NextContinuationToken", Buffer.from(next).toString("base64"))
    : element("NextMarker", encode(next));
  const document = xmlDocument("ListBucketResult", [
    ...encodingType,
    element("Name", bucket.name),
    element("Prefix", encode(prefix)),
    ...(isV2 ? [] : [element("Marker", encode(marker))]),
    element("MaxKeys", limit),
    element("Delimiter", encode(delimiter)),
    element("IsTruncated", String(page.isTruncated)),
    ...(page.isTruncated ? [nextMarker] : []),
    ...(isV2 ? [element("KeyCount", page.items.length + page.prefixes.length)] : []),
    ...contents(page.items, encode, !isV2 || query.get("fetch-owner") === "true"),
    ...page.prefixes.map((name) => parent("CommonPrefixes", [element("Prefix", encode(name))])),
  ]);
  return xmlAnswer(document);
}

function bucketElements({ region }: Service, bucket: Bucket, endpointHost: string): string[] {
  return [
    element("Name", bucket.name),
    element("Location", `oss-${region}`),
    element("CreationDate", iso(bucket.createdAt)),
    element("ExtranetEndpoint", endpointHost),
    element("IntranetEndpoint", endpointHost),
    element("StorageClass", "Standard"),
  ];
}

export async function getBucketInfo(service: Service, exchange: Exchange): Promise<Answer> {
  const bucket = findBucket(service, exchange.target.bucket);
  const children = [
    ...bucketElements(service, bucket, exchange.target.endpointHost),
    owner,
    parent("AccessControlList", [element("Grant", bucket.acl)]),
  ];
  return xmlAnswer(xmlDocument("BucketInfo", [parent("Bucket", children)]));
}

export async function getBucketLocation(service: Service, exchange: Exchange): Promise<Answer> {
  findBucket(service, exchange.target.bucket);
  return xmlAnswer(`<?xml version="1.0" encoding="UTF-8"?>\n${element("LocationConstraint", `oss-${service.region}`)}`);
}

export async function listBuckets(service: Service, exchange: Exchange): Promise<Answer> {
  const buckets = [...service.buckets.values()].map((bucket) =>
    parent("Bucket", bucketElements(service, bucket, exchange.target.endpointHost)),
  );
  return xmlAnswer(xmlDocument("ListAllMyBucketsResult", [owner, parent("Buckets", buckets)]));
}
