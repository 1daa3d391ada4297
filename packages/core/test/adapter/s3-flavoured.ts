/**
 * The adapter of another service, as somebody outside would begin it: from what the package exports, and nothing else. The service has no
 * CRC-64, and its ETags are in lower case.
 */
import { type Digest, type ObjectStore, type PartNames, type StoreConnection, UploadError } from "../../src/index.js";
import { call } from "./s3-call.js";
import { probe } from "./s3-probe.js";
import { etagOf, hex, maxParts, md5, minPartSize, type S3Flavoured } from "./s3-service.js";

export function s3Flavoured(service: S3Flavoured): StoreConnection {
  const store = s3Store(service);
  const { limits, check, digests, fixed } = store;
  return { kind: "s3", limits, check, digests, fixed, connect: async () => store };
}

export function s3Store(service: S3Flavoured): ObjectStore {
  const store: ObjectStore = { ...pure, ...requestsTo(service), probe: (key, options) => probe(store, key, options) };
  return store;
}

type Requests = Pick<ObjectStore, "putObject" | "initiate" | "putPart" | "listParts" | "complete" | "abort" | "head">;

function requestsTo(service: S3Flavoured): Requests {
  return {
    putObject: (target, body, digest, options) =>
      call("PutObject", options, body, async () => {
        const named = { size: body.size, etag: undefined, md5: digest.md5, crc64: undefined };
        return { ...(await service.putObject(target, body, digest)), body: named };
      }),
    initiate: (target, options) =>
      call("InitiateMultipartUpload", options, undefined, async () => service.initiate(target)),
    putPart: ({ id }, number, slice, digest, options) => {
      const effect = async () => {
        const etag = await service.putPart(id, number, slice, digest);
        return { number, size: slice.size, etag, md5: digest.md5, crc64: undefined };
      };
      return call("UploadPart", options, slice, effect, number);
    },
    listParts: ({ id }, options) =>
      call("ListParts", options, undefined, async () =>
        service.listParts(id).map(([number, bytes]) => ({
          number,
          size: bytes.length,
          etag: etagOf(bytes),
          crc64: undefined,
        })),
      ),
    complete: ({ id }, parts, _finish, options) =>
      call("CompleteMultipartUpload", options, undefined, async () => service.complete(id, parts)),
    abort: ({ id }, options) => call("AbortMultipartUpload", options, undefined, async () => service.abort(id)),
    head: (key, options) =>
      call("HeadObject", options, undefined, async () => {
        const object = service.head(key);
        if (object === undefined) return undefined;
        const { contentType, ...info } = object;
        return { ...info, storedAtMs: Date.now(), traits: { contentType } };
      }),
  };
}

/** What is said without a request. */
const pure: Omit<ObjectStore, keyof Requests | "probe"> = {
  location: "s3:memory/bucket",
  bucket: "bucket",
  limits: { minPartSize, maxPartSize: 2 ** 32, maxParts, maxPutSize: 2 ** 32 },
  hints: { nothingProves: "Add ETag to ExposeHeaders.", crc64Hidden: "" },
  moment: () => () => Date.now(),
  check: ({ key }) => {
    if (key === "") throw new UploadError("invalid-option", "key is empty");
  },
  // The service has no CRC-64 to compare with, so the MD5 is taken instead.
  digests: (integrity) => ({ md5: integrity !== "none", crc64: false }),
  fixed: ({ contentType, metadata = {} }) => JSON.stringify([contentType, Object.entries(metadata).sort()]),
  isAsAskedFor: ({ traits }, { contentType = "" }) => traits.contentType === contentType,
  holds: (part, digest) => part.size === digest.size && nameOf(part) !== undefined && nameOf(part) === nameIn(digest),
  matches: async (object, parts) => {
    if (object.size !== undefined && object.size !== parts.reduce((sum, { size }) => sum + size, 0)) return "different";
    const names = parts.flatMap(({ md5: ours }) => ours ?? []);
    if (object.etag === undefined || names.length < parts.length) return "unproved";
    const isMultipart = object.etag.includes("-");
    if (!isMultipart && parts.length > 1) return "unproved";
    const [only = md5("")] = names;
    const expected = isMultipart ? `${etagOf(Buffer.concat(names))}-${names.length}` : hex(only);
    return object.etag === expected ? "etag" : "different";
  },
  rejectsParts: (error) => error instanceof UploadError && /^(InvalidPart|Entity)/.test(error.serverCode ?? ""),
};

const nameOf = ({ md5: ours, etag }: PartNames) => (ours === undefined ? etag : hex(ours));
const nameIn = ({ md5: ours }: Digest) => ours && hex(ours);
