/** CompleteMultipartUpload: checks the list of parts, then makes an object of the parts' files. */
import { createHash } from "node:crypto";
import { encodePath } from "../auth/encoding.js";
import { combineCrc64 } from "../crc64.js";
import { readText } from "../http/body.js";
import type { Answer, Exchange } from "../http/exchange.js";
import { invalidArgument, refusal } from "../oss-error.js";
import type { Service } from "../service.js";
import type { StoredObject, StoredPart, StoredUpload } from "../storage/records.js";
import { element, xmlDocument } from "../xml.js";
import { callbackOf, withCallback } from "./callback.js";
import { parseCompleteBody } from "./complete-body.js";
import { aclOf, digestHeaders, forbidsOverwrite } from "./object-traits.js";
import { checkOverwrite, findUpload, keyEncoding, noSuchUpload, xmlAnswer } from "./upload-operations.js";

const minPartSize = 100 * 1024;
// 10,000 parts with generous whitespace are 2 MB.
const maxBodyBytes = 8 * 1024 ** 2;
const ec = "0042-00000104";

/** The ETag of a multipart object: the MD5 of its parts' ETags as upper-case hex text (S3 hashes raw bytes instead), and their number. */
export function multipartEtag(etags: readonly string[]): string {
  const md5 = createHash("md5").update(etags.join(""), "latin1").digest("hex").toUpperCase();
  return `${md5}-${etags.length}`;
}

/** @throws OssError `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `MalformedXML` */
function chooseParts(upload: StoredUpload, body: string, isCompleteAll: boolean): readonly StoredPart[] {
  if (isCompleteAll) {
    const all = [...upload.parts.values()].sort((a, b) => a.partNumber - b.partNumber);
    if (all.length === 0) throw refusal("InvalidPart");
    return all;
  }
  const named = parseCompleteBody(body);
  if (named.some(({ number }, i) => i > 0 && number <= (named[i - 1]?.number ?? 0))) {
    throw refusal("InvalidPartOrder");
  }
  return named.map(({ number, etag }) => {
    const part = upload.parts.get(number);
    if (part?.etag !== etag) throw refusal("InvalidPart");
    return part;
  });
}

function checkSizes(parts: readonly StoredPart[]): void {
  if (parts.slice(0, -1).some(({ size }) => size < minPartSize)) throw refusal("EntityTooSmall");
}

function crc64Of(parts: readonly StoredPart[]): string | undefined {
  const pieces = parts.flatMap(({ crc64, size }) => (crc64 === undefined ? [] : [{ crc64: BigInt(crc64), size }]));
  return pieces.length < parts.length ? undefined : combineCrc64(pieces).toString();
}

function assemble(
  upload: StoredUpload,
  parts: readonly StoredPart[],
  acl: StoredObject["acl"],
  now: number,
): StoredObject {
  const crc64 = crc64Of(parts);
  return {
    ...upload.traits,
    ...(acl === "default" ? {} : { acl }),
    key: upload.key,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    etag: multipartEtag(parts.map(({ etag }) => etag)),
    ...(crc64 === undefined ? {} : { crc64 }),
    type: "Multipart",
    lastModified: now,
    uploadId: upload.uploadId,
    bodies: parts.map(({ body }) => body),
  };
}

/** @throws OssError if the request has both `x-oss-complete-all` and a list of parts, or neither */
function checkListing(isCompleteAll: boolean, body: string): void {
  if (isCompleteAll && body !== "") {
    throw invalidArgument(
      "x-oss-complete-all",
      "yes",
      // The service misspells "specify".
      "Should not speficy both complete all header and http body.",
      "0042-00000216",
    );
  }
  if (!isCompleteAll && body === "") throw refusal("MalformedXML");
}

export async function complete(service: Service, exchange: Exchange): Promise<Answer> {
  const { target, headers } = exchange;
  const { bucket, upload, key } = findUpload(service, exchange, ec);
  const { encodingType, encode } = keyEncoding(target.query);
  const acl = aclOf(headers);
  const callback = callbackOf(exchange);
  const isCompleteAll = headers["x-oss-complete-all"] === "yes";
  const body = await readText(exchange, service.connections, maxBodyBytes);
  checkListing(isCompleteAll, body);
  await exchange.beforeEffect();
  const { store } = bucket;
  const object = await store.alone("object", key, () =>
    store.alone("upload", upload.uploadId, async () => {
      const current = store.upload(upload.uploadId, key);
      if (current === undefined) throw noSuchUpload(upload.uploadId, ec);
      const parts = chooseParts(current, body, isCompleteAll);
      checkSizes(parts);
      checkOverwrite(bucket, key, current.forbidOverwrite || forbidsOverwrite(headers));
      const made = assemble(current, parts, acl, service.now());
      await store.completeUpload(upload.uploadId, made);
      return made;
    }),
  );
  const document = xmlDocument("CompleteMultipartUploadResult", [
    ...encodingType,
    element("Location", `http://${bucket.name}.${target.endpointHost}/${encodePath(key)}`),
    element("Bucket", bucket.name),
    element("Key", encode(key)),
    element("ETag", `"${object.etag}"`),
  ]);
  const answer = xmlAnswer(document, { ...digestHeaders(object), ...object.encryption });
  return callback === undefined ? answer : withCallback(service, answer, callback, exchange, bucket.name, object);
}
