/** What an object is to be → the headers of each call that has a say in it. Pure. */

import { encode } from "../bucket/percent-encoding.js";
import type { FinishOptions, MultipartUpload, ObjectTarget } from "../object-store.js";
import { callbackHeaders, encodeMetadata } from "./encoded-headers.js";

type Headers = Record<string, string>;

/** A call that makes an object of parts. PutObject, which makes it at once, says everything. */
type Call = "initiate" | "part" | "complete";

/** What a call is given of the target: Initiate all of it, the others what their signatures name. */
type CallFor<Option> =
  | "initiate"
  | (Option extends keyof MultipartUpload ? "part" : never)
  | (Option extends keyof FinishOptions ? "complete" : never);

type Table = {
  readonly [Option in keyof ObjectTarget]-?: {
    readonly calls: readonly CallFor<Option>[];
    readonly say: (value: NonNullable<ObjectTarget[Option]>) => Headers;
  };
};

/** Whatever is stored with the object, but for its ACL, is said when an upload begins: OSS refuses it later. */
const initiate = ["initiate"] as const;
/** What decides about the moment at which the object appears. */
const complete = ["complete"] as const;

const table = {
  key: { calls: [], say: () => ({}) },
  contentType: { calls: initiate, say: (type) => ({ "content-type": type }) },
  cacheControl: { calls: initiate, say: (value) => ({ "cache-control": value }) },
  contentDisposition: { calls: initiate, say: (value) => ({ "content-disposition": value }) },
  contentEncoding: { calls: initiate, say: (value) => ({ "content-encoding": value }) },
  expires: { calls: initiate, say: (date) => ({ expires: date.toUTCString() }) },
  metadata: { calls: initiate, say: metadataHeaders },
  tags: { calls: initiate, say: taggingHeader },
  storageClass: { calls: initiate, say: (value) => ({ "x-oss-storage-class": value }) },
  // A part that came with one would be refused.
  encryption: {
    calls: initiate,
    say: ({ algorithm, kmsKeyId }) => ({
      "x-oss-server-side-encryption": algorithm,
      ...(kmsKeyId === undefined ? {} : { "x-oss-server-side-encryption-key-id": kmsKeyId }),
    }),
  },
  acl: { calls: complete, say: (value) => ({ "x-oss-object-acl": value }) },
  callback: { calls: complete, say: callbackHeaders },
  ifExists: {
    calls: ["initiate", "complete"],
    say: (value) => ({ ...(value === "forbid" ? { "x-oss-forbid-overwrite": "true" } : {}) }),
  },
  trafficLimit: { calls: ["part"], say: (limit) => ({ "x-oss-traffic-limit": String(limit) }) },
} as const satisfies Table;

type KeysOfEach<T> = T extends unknown ? keyof T : never;
type Said = KeysOfEach<ReturnType<(typeof table)[keyof typeof table]["say"]>>;
export type MetadataHeader = `x-oss-meta-${string}`;
/** The headers by which an app says what an object is to be, beside metadata: what has to know all of them names this type. */
export type ObjectHeader = Exclude<Said, MetadataHeader>;

/** PutObject: everything at once. */
export function putObjectHeaders(target: ObjectTarget): Headers {
  return headersOf(withType(target));
}

/** InitiateMultipartUpload: whatever is stored with the object, but for its ACL. */
export function initiateHeaders(target: ObjectTarget): Headers {
  return headersOf(withType(target), "initiate");
}

/** UploadPart. */
export function partHeaders(upload: Pick<MultipartUpload, "trafficLimit">): Headers {
  return headersOf(upload, "part");
}

/** CompleteMultipartUpload: what decides about the moment at which the object appears. */
export function finishHeaders(finish: FinishOptions): Headers {
  return headersOf(finish, "complete");
}

/** @param call undefined for PutObject */
function headersOf(target: Partial<ObjectTarget>, call?: Call): Headers {
  const said = Object.entries(table as unknown as Record<keyof ObjectTarget, Row>).map(([name, { calls, say }]) => {
    const value = target[name as keyof ObjectTarget];
    return value !== undefined && (call === undefined || calls.includes(call)) ? say(value) : {};
  });
  return Object.assign({}, ...said);
}

/** One row, whichever it is of. */
interface Row {
  readonly calls: readonly Call[];
  readonly say: (value: unknown) => Headers;
}

/** Said outright, so that no browser adds a type of its own, which the signature would lack. */
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
