/** PutObject, GetObject, HeadObject, DeleteObject. */
import { pacesOf, receiveBody } from "../http/body.js";
import type { Answer, Exchange } from "../http/exchange.js";
import { invalidArgument, refusal } from "../oss-error.js";
import { type Bucket, findBucket, type Service } from "../service.js";
import type { ByteRange } from "../storage/body-files.js";
import type { StoredObject } from "../storage/records.js";
import { callbackOf, withCallback } from "./callback.js";
import { digestHeaders } from "./object-traits.js";
import { paced } from "./paced.js";
import { contentRange, rangeOf } from "./range.js";
import { storeObject } from "./store-object.js";

export async function putObject(service: Service, exchange: Exchange): Promise<Answer> {
  const { headers, target } = exchange;
  const bucket = findBucket(service, target.bucket);
  if (headers["x-oss-copy-source"] !== undefined) {
    throw refusal("NotImplemented", { extras: { Header: "x-oss-copy-source" } });
  }
  const callback = callbackOf(exchange);
  const object = await storeObject(service, bucket, target.key ?? "", headers, () =>
    receiveBody(exchange, service.connections, bucket.store.bodies, bucket.digests),
  );
  const answer = { status: 200, headers: object.headers };
  return callback === undefined
    ? answer
    : withCallback(service, answer, callback, exchange, bucket.name, object.stored);
}

function findObject(bucket: Bucket, key: string): StoredObject {
  const object = bucket.store.object(key);
  if (object === undefined) throw refusal("NoSuchKey", { extras: { Key: key } });
  return object;
}

function objectHeaders(object: StoredObject): Record<string, string> {
  const tags = object.tagging === "" ? 0 : object.tagging.split("&").length;
  return {
    ...object.headers,
    ...digestHeaders(object),
    ...object.encryption,
    "Last-Modified": new Date(object.lastModified).toUTCString(),
    "Accept-Ranges": "bytes",
    "x-oss-object-type": object.type,
    "x-oss-storage-class": object.storageClass,
    ...(tags === 0 ? {} : { "x-oss-tagging-count": String(tags) }),
  };
}

function matchesEtag(etags: string, object: StoredObject): boolean {
  return etags.split(",").some((etag) => ["*", object.etag].includes(etag.trim().replaceAll('"', "")));
}

/** @returns 304 if the client has the object already; undefined if all conditions are met @throws OssError `PreconditionFailed` */
function unmetCondition({ headers }: Exchange, object: StoredObject): Answer | undefined {
  // HTTP dates have no milliseconds.
  const modified = Math.floor(object.lastModified / 1000) * 1000;
  const since = Date.parse(headers["if-modified-since"] ?? "");
  const unmodifiedSince = Date.parse(headers["if-unmodified-since"] ?? "");
  const ifMatch = headers["if-match"];
  const ifNoneMatch = headers["if-none-match"];
  if (ifMatch !== undefined && !matchesEtag(ifMatch, object)) {
    throw refusal("PreconditionFailed", { extras: { Condition: "If-Match" } });
  }
  if (modified > unmodifiedSince) {
    throw refusal("PreconditionFailed", { extras: { Condition: "If-Unmodified-Since" } });
  }
  if ((ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, object)) || modified <= since) {
    return { status: 304, headers: { ...digestHeaders(object) } };
  }
  return undefined;
}

export async function headObject(service: Service, exchange: Exchange): Promise<Answer> {
  const object = findObject(findBucket(service, exchange.target.bucket), exchange.target.key ?? "");
  const unmet = unmetCondition(exchange, object);
  if (unmet !== undefined) return unmet;
  return { status: 200, headers: { ...objectHeaders(object), "Content-Length": String(object.size) } };
}

/** The answer's headers that the query sets, such as `response-content-type=…`. */
function overriddenHeaders({ target }: Exchange): Record<string, string> {
  const prefix = "response-";
  return Object.fromEntries(
    target.query.pairs
      .filter(([name]) => /^response-(content-(type|language|disposition|encoding)|cache-control|expires)$/.test(name))
      .map(([name, value]) => {
        // Node sends no header with control characters, or with characters beyond Latin-1.
        if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return [name.slice(prefix.length), value];
        throw invalidArgument(name, value);
      }),
  );
}

export async function getObject(service: Service, exchange: Exchange): Promise<Answer> {
  const bucket = findBucket(service, exchange.target.bucket);
  const object = findObject(bucket, exchange.target.key ?? "");
  // The service reads an archived object only after it was restored, which the emulator does not implement.
  if (/Archive$/.test(object.storageClass)) throw refusal("InvalidObjectState", { extras: { ObjectName: object.key } });
  const unmet = unmetCondition(exchange, object);
  if (unmet !== undefined) return unmet;
  const part = rangeOf(exchange.headers, object.size);
  const range: ByteRange = part ?? { start: 0, end: object.size };
  return {
    status: part === undefined ? 200 : 206,
    headers: {
      ...objectHeaders(object),
      ...overriddenHeaders(exchange),
      "Content-Length": String(range.end - range.start),
      ...(part === undefined ? {} : { "Content-Range": contentRange(part, object.size) }),
    },
    body: paced(
      bucket.store.bodies.read(object.bodies, range),
      pacesOf(exchange, service.connections),
      exchange.signal,
    ),
  };
}

export async function deleteObject(service: Service, exchange: Exchange): Promise<Answer> {
  const bucket = findBucket(service, exchange.target.bucket);
  await exchange.beforeEffect();
  await bucket.store.deleteObject(exchange.target.key ?? "");
  return { status: 204, headers: {} };
}
