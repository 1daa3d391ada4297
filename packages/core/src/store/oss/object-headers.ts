/** The headers by which each request says what the object is to be. Pure. */

import { encode } from "../bucket/percent-encoding.js";
import type { FinishOptions, MultipartUpload, ObjectTarget } from "../object-store.js";
import { callbackHeaders, encodeMetadata } from "./encoded-headers.js";

type Headers = Record<string, string>;

/** For each option: the header that takes its text as it is, or a function that makes its headers. */
type Rows<Target> = {
  readonly [Option in keyof Target]-?:
    | (NonNullable<Target[Option]> extends string ? string : never)
    | ((value: NonNullable<Target[Option]>) => Headers);
};

/** The key is in the URL. OSS takes the others with Complete, or with each part. */
type NotSaidAtFirst = "key" | "acl" | "callback" | "trafficLimit";

/** What is stored with the object: OSS takes it with Initiate, and refuses it later. */
const atFirst = {
  contentType: "content-type",
  cacheControl: "cache-control",
  contentDisposition: "content-disposition",
  contentEncoding: "content-encoding",
  expires: (date) => ({ expires: date.toUTCString() }),
  metadata: metadataHeaders,
  tags: taggingHeader,
  storageClass: "x-oss-storage-class",
  encryption: ({ algorithm, kmsKeyId }) => ({
    "x-oss-server-side-encryption": algorithm,
    ...(kmsKeyId === undefined ? {} : { "x-oss-server-side-encryption-key-id": kmsKeyId }),
  }),
  ifExists: forbidHeader,
} as const satisfies Rows<Omit<ObjectTarget, NotSaidAtFirst>>;

/** What takes effect when the object appears. */
const atTheEnd = {
  acl: "x-oss-object-acl",
  callback: callbackHeaders,
  ifExists: forbidHeader,
} as const satisfies Rows<FinishOptions>;

const withEachPart = {
  trafficLimit: (limit) => ({ "x-oss-traffic-limit": String(limit) }),
} as const satisfies Rows<Pick<ObjectTarget, keyof ObjectTarget & keyof Omit<MultipartUpload, "key">>>;

/** Every option: the compiler demands that none is left out. */
const atOnce = { key: () => ({}), ...atFirst, ...atTheEnd, ...withEachPart } as const satisfies Rows<ObjectTarget>;

type NamesIn<Say> = Say extends string ? Say : Say extends (...given: never) => infer Said ? KeysOfEach<Said> : never;
type KeysOfEach<T> = T extends unknown ? keyof T : never;
export type MetadataHeader = `x-oss-meta-${string}`;
/** All these headers but those of metadata. Tables that must have all of them are typed by it. */
export type ObjectHeader = Exclude<NamesIn<(typeof atOnce)[keyof typeof atOnce]>, MetadataHeader>;

/** For PutObject: all options. */
export function putObjectHeaders(target: ObjectTarget): Headers {
  return headersOf(withType(target), atOnce);
}

/** For InitiateMultipartUpload: what is stored with the object, except its ACL. */
export function initiateHeaders(target: ObjectTarget): Headers {
  return headersOf(withType(target), atFirst);
}

/** For UploadPart. No encryption header: OSS would refuse it here. */
export function partHeaders(upload: Pick<MultipartUpload, "trafficLimit">): Headers {
  return headersOf(upload, withEachPart);
}

/** For CompleteMultipartUpload: what takes effect when the object appears. */
export function finishHeaders(finish: FinishOptions): Headers {
  return headersOf(finish, atTheEnd);
}

function headersOf(target: Partial<ObjectTarget>, rows: Partial<Rows<ObjectTarget>>): Headers {
  const said = Object.entries(rows).map(([name, say]) => {
    const value = target[name as keyof ObjectTarget];
    if (value === undefined) return {};
    return typeof say === "string" ? { [say]: value } : say(value as never);
  });
  return Object.assign({}, ...said);
}

/** Always sets a content type: a browser would add one of its own, and the signature would lack it. */
function withType(target: ObjectTarget): ObjectTarget {
  return { ...target, contentType: target.contentType ?? "application/octet-stream" };
}

function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<MetadataHeader, string> {
  const said = Object.entries(metadata).map(([name, value]) => [
    `x-oss-meta-${name.toLowerCase()}`,
    encodeMetadata(value),
  ]);
  return Object.fromEntries(said);
}

function taggingHeader(tags: Readonly<Record<string, string>>) {
  const said = Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return { ...(said.length === 0 ? {} : { "x-oss-tagging": said.join("&") }) };
}

function forbidHeader(ifExists: NonNullable<ObjectTarget["ifExists"]>) {
  return { ...(ifExists === "forbid" ? { "x-oss-forbid-overwrite": "true" } : {}) };
}
