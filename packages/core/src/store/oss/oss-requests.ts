/** The requests of OSS: method, query, headers, body and time limit. Pure. */

import type { Digest } from "../../workers/byte-workers.js";
import type { BucketRequest } from "../bucket/bucket-request.js";
import type { GoodAnswer } from "../bucket/good-answer.js";
import type { FinishOptions, MultipartUpload, ObjectTarget, StoredPart } from "../object-store.js";
import { finishHeaders, initiateHeaders, partHeaders, putObjectHeaders } from "./object-headers.js";
import { base64 } from "./proof.js";

const answerTimeoutMs = 30_000;
const partAnswerTimeoutMs = 60_000;
/** Joining ten thousand parts has been seen to take five minutes (ali-oss issue 1341). */
const completeAnswerTimeoutMs = 600_000;

const empty: GoodAnswer = { status: 200, body: "none" };
const document: GoodAnswer = { status: 200, body: "document" };
/** OSS passes on the application server's answer to the callback. */
const answerToCallback: GoodAnswer = { status: 200, body: "json" };

export function putObjectRequest(target: ObjectTarget, body: Blob, digest: Digest): BucketRequest {
  return {
    action: "PutObject",
    good: target.callback === undefined ? empty : answerToCallback,
    key: target.key,
    method: "PUT",
    query: {},
    headers: { ...putObjectHeaders(target), ...contentMd5(digest) },
    body,
    answerTimeoutMs: partAnswerTimeoutMs,
  };
}

/** The object of a PutObject, as a form. Its signature says the size too: so its headers do, though a form sends none. */
export function postObjectRequest(target: ObjectTarget, body: Blob): BucketRequest {
  return {
    action: "PostObject",
    good: target.callback === undefined ? empty : answerToCallback,
    key: target.key,
    method: "POST",
    query: {},
    headers: { ...putObjectHeaders(target), "content-length": String(body.size) },
    body,
    answerTimeoutMs: partAnswerTimeoutMs,
  };
}

export function initiateRequest(target: ObjectTarget): BucketRequest {
  return {
    action: "InitiateMultipartUpload",
    good: document,
    key: target.key,
    method: "POST",
    query: { uploads: "", "encoding-type": "url" },
    headers: initiateHeaders(target),
    answerTimeoutMs,
  };
}

export function putPartRequest(
  upload: MultipartUpload,
  partNumber: number,
  slice: Blob,
  digest: Digest,
): BucketRequest {
  return {
    action: "UploadPart",
    good: empty,
    key: upload.key,
    partNumber,
    method: "PUT",
    query: { partNumber: String(partNumber), uploadId: upload.id },
    headers: { ...partHeaders(upload), ...contentMd5(digest) },
    body: untyped(slice),
    answerTimeoutMs: partAnswerTimeoutMs,
  };
}

/** @param after the number of the last part known; 0 for the first page */
export function listPartsRequest(upload: MultipartUpload, after: number, maxParts: number): BucketRequest {
  const marker = after === 0 ? {} : { "part-number-marker": String(after) };
  return {
    action: "ListParts",
    good: document,
    key: upload.key,
    method: "GET",
    query: { uploadId: upload.id, "max-parts": String(maxParts), "encoding-type": "url", ...marker },
    headers: {},
    answerTimeoutMs,
  };
}

export function completeRequest(
  upload: MultipartUpload,
  parts: readonly StoredPart[],
  finish: FinishOptions,
): BucketRequest {
  return {
    action: "CompleteMultipartUpload",
    good: finish.callback === undefined ? document : answerToCallback,
    key: upload.key,
    method: "POST",
    query: { uploadId: upload.id, "encoding-type": "url" },
    headers: { "content-type": "application/xml", ...finishHeaders(finish) },
    body: completeDocument(parts),
    answerTimeoutMs: completeAnswerTimeoutMs,
  };
}

export function abortRequest(upload: MultipartUpload): BucketRequest {
  return {
    action: "AbortMultipartUpload",
    good: { ...empty, status: 204 },
    key: upload.key,
    method: "DELETE",
    query: { uploadId: upload.id },
    headers: {},
    answerTimeoutMs,
    isAbsence: ({ code }) => code === "upload-gone",
  };
}

export function headRequest(key: string): BucketRequest {
  return {
    action: "HeadObject",
    good: { ...empty, header: "last-modified" },
    key,
    method: "HEAD",
    query: {},
    headers: {},
    answerTimeoutMs,
    // Object or bucket may be missing. The document that says which is in a header, which the CORS rule may hide.
    isAbsence: ({ status, serverCode = "NoSuchKey", code }) =>
      status === 404 && serverCode === "NoSuchKey" && code !== "server",
  };
}

/** @returns bytes: for a text, browsers would add a charset to the content type, and the signature would lack it */
function completeDocument(parts: readonly StoredPart[]): Uint8Array<ArrayBuffer> {
  const list = parts.map(
    ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>"${escapeXml(etag)}"</ETag></Part>`,
  );
  return new TextEncoder().encode(`<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`);
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function contentMd5({ md5 }: Digest): Record<string, string> {
  return md5 === undefined ? {} : { "content-md5": base64(md5) };
}

/** Removes the type of a Blob: it would be sent as Content-Type, and the signature would lack it. */
function untyped(body: Blob): Blob {
  return body.type === "" ? body : body.slice(0, body.size, "");
}
