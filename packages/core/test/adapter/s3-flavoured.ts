/**
 * Another service as somebody outside would begin its adapter: from what the package exports, and nothing else. In memory, with
 * S3's names: no CRC-64, ETags in lower case, that of several parts the MD5 of their MD5s as bytes.
 */
import { createHash } from "node:crypto";
import {
  type CallOptions,
  type Digest,
  type ETag,
  type ObjectInfo,
  type ObjectStore,
  type ObjectTarget,
  type PartNames,
  type StoreAction,
  type StoreConnection,
  UploadError,
  type UploadId,
} from "../../src/index.js";

type Bytes = Uint8Array<ArrayBuffer>;
type Right = "list" | "head" | "abort";

export const rights: Readonly<Record<Right, string>> = {
  list: "s3:ListMultipartUploadParts",
  head: "s3:GetObject",
  abort: "s3:AbortMultipartUpload",
};

/** The service: what several pages see. */
export class S3Flavoured {
  readonly objects = new Map<string, { readonly bytes: Bytes; readonly etag: ETag; readonly target: ObjectTarget }>();
  readonly uploads = new Map<UploadId, { readonly target: ObjectTarget; readonly parts: Map<number, Bytes> }>();
  readonly forbidden = new Set<Right>();
  ids = 0;
}

export const etagOf = (bytes: Uint8Array) => md5(bytes).toString("hex") as ETag;
export const etagOfParts = (parts: readonly Uint8Array[]) =>
  `${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}` as ETag;

export function s3Flavoured(service: S3Flavoured): StoreConnection {
  const store = s3Store(service);
  const { limits, check, digests, fixed } = store;
  return { kind: "s3", limits, check, digests, fixed, connect: async () => store };
}

export function s3Store(service: S3Flavoured): ObjectStore {
  const { objects, uploads } = service;

  const partsOf = (id: UploadId, action: StoreAction) =>
    uploads.get(id)?.parts ?? fail("upload-gone", action, 404, "NoSuchUpload");
  const demand = (right: Right) => {
    if (service.forbidden.has(right)) fail("forbidden", rights[right], 403, "AccessDenied");
  };
  const keep = (target: ObjectTarget, bytes: Bytes, etag: ETag): ObjectInfo => {
    objects.set(target.key, { bytes, etag, target });
    return infoOf(target.key, bytes, etag);
  };

  const store: ObjectStore = {
    location: "s3:memory/bucket",
    bucket: "bucket",
    limits: { minPartSize: 64, maxPartSize: 2 ** 32, maxParts: 10_000, maxPutSize: 2 ** 32 },
    hints: { nothingProves: "Add ETag to ExposeHeaders.", crc64Hidden: "" },
    moment: () => () => Date.now(),
    check: ({ key }) => {
      if (key === "") throw new UploadError("invalid-option", "key is empty");
    },
    // There is no CRC-64 to be compared with: the MD5 has to do.
    digests: (integrity) => ({ md5: integrity !== "none", crc64: false }),
    fixed: ({ contentType, metadata = {} }) => JSON.stringify([contentType, Object.entries(metadata).sort()]),

    putObject: (target, body, digest, options) =>
      call("PutObject", options, body, async () => {
        const bytes = await received("PutObject", body, digest);
        const named = { size: body.size, etag: undefined, md5: digest.md5, crc64: undefined };
        return { ...keep(target, bytes, etagOf(bytes)), body: named };
      }),
    initiate: (target, options) =>
      call("InitiateMultipartUpload", options, undefined, async () => {
        const id = `upload-${++service.ids}` as UploadId;
        uploads.set(id, { target, parts: new Map() });
        return id;
      }),
    putPart: ({ id }, number, slice, digest, options) =>
      call(
        "UploadPart",
        options,
        slice,
        async () => {
          if (number < 1 || number > 10_000) fail("rejected", "UploadPart", 400, "InvalidArgument");
          const bytes = await received("UploadPart", slice, digest);
          partsOf(id, "UploadPart").set(number, bytes);
          return { number, size: slice.size, etag: etagOf(bytes), md5: digest.md5, crc64: undefined };
        },
        number,
      ),
    listParts: ({ id }, options) =>
      call("ListParts", options, undefined, async () => {
        demand("list");
        const listed = [...partsOf(id, "ListParts")].sort(([a], [b]) => a - b);
        return listed.map(([number, bytes]) => ({
          number,
          size: bytes.length,
          etag: etagOf(bytes),
          crc64: undefined,
        }));
      }),
    complete: ({ id }, parts, _finish, options) =>
      call("CompleteMultipartUpload", options, undefined, async () => {
        const action = "CompleteMultipartUpload";
        const stored = partsOf(id, action);
        const pieces = parts.map(({ number, etag }, index) => {
          if (number <= (parts[index - 1]?.number ?? 0)) fail("rejected", action, 400, "InvalidPartOrder");
          const bytes = stored.get(number);
          if (bytes === undefined || etagOf(bytes) !== etag) return fail("rejected", action, 400, "InvalidPart");
          if (bytes.length < 64 && index < parts.length - 1) fail("rejected", action, 400, "EntityTooSmall");
          return bytes;
        });
        const { target } = uploads.get(id) as { target: ObjectTarget };
        uploads.delete(id);
        return keep(target, Uint8Array.from(Buffer.concat(pieces)), etagOfParts(pieces));
      }),
    abort: ({ id }, options) =>
      call("AbortMultipartUpload", options, undefined, async () => {
        demand("abort");
        uploads.delete(id);
      }),
    head: (key, options) =>
      call("HeadObject", options, undefined, async () => {
        demand("head");
        const object = objects.get(key);
        if (object === undefined) return undefined;
        const traits = { contentType: object.target.contentType ?? "" };
        return { ...infoOf(key, object.bytes, object.etag), storedAtMs: Date.now(), traits };
      }),

    isAsAskedFor: ({ traits }, { contentType = "" }) => traits.contentType === contentType,
    holds: (part, digest) => part.size === digest.size && nameOf(part) !== undefined && nameOf(part) === nameIn(digest),
    matches: async (object, parts) => {
      if (object.size !== undefined && object.size !== parts.reduce((sum, { size }) => sum + size, 0)) {
        return "different";
      }
      const names = parts.flatMap(({ md5: ours }) => ours ?? []);
      if (object.etag === undefined || names.length < parts.length) return "unproved";
      const isMultipart = object.etag.includes("-");
      if (!isMultipart && parts.length > 1) return "unproved";
      const [only = md5("")] = names;
      const expected = isMultipart ? `${etagOf(Buffer.concat(names))}-${names.length}` : hex(only);
      return object.etag === expected ? "etag" : "different";
    },
    rejectsParts: (error) => error instanceof UploadError && /^(InvalidPart|Entity)/.test(error.serverCode ?? ""),

    async probe(key, options) {
      const missing: string[] = [];
      const attempt = async <T>(right: Right, asking: () => Promise<T>) => {
        await asking().catch((error) => (options.signal.aborted ? undefined : missing.push(error.action ?? right)));
      };
      options.signal.throwIfAborted();
      const upload = { key, id: await store.initiate({ key }, options) };
      const body = new Blob(["ossicle"]);
      const digest = { size: body.size, md5: undefined, crc64: undefined };
      await store.putPart(upload, 1, body, digest, options).catch(() => undefined);
      await attempt("list", () => store.listParts(upload, options));
      await attempt("head", () => store.head(key, options));
      await attempt("abort", () => store.abort(upload, { ...options, signal: new AbortController().signal }));
      options.signal.throwIfAborted();
      const status = missing.length === 0 ? "ok" : "warning";
      return [
        { name: "credentials", status: "ok", detail: "There are none." },
        { name: "cors", status: "skipped", detail: "There is no network." },
        { name: "exposed-headers", status: "skipped", detail: "There are no headers." },
        { name: "caches", status: "skipped", detail: "There are no caches." },
        { name: "clock", status: "skipped", detail: "There is no clock." },
        { name: "permissions", status, detail: `Missing: ${missing.join(", ")}.` },
      ];
    },
  };
  return store;
}

/** One request: what is reported of its body, and its trace. */
async function call<T>(
  action: StoreAction,
  options: CallOptions,
  body: Blob | undefined,
  effect: () => Promise<T>,
  partNumber: number | null = null,
): Promise<T> {
  const { signal, onSent, onRequest, attempt = 1 } = options;
  signal.throwIfAborted();
  let failed: UploadError | undefined;
  try {
    if (body !== undefined) onSent?.(0);
    signal.throwIfAborted();
    const result = await effect();
    if (body !== undefined) onSent?.(body.size);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    failed = error.with({ partNumber: partNumber ?? undefined });
    throw failed;
  } finally {
    const [status, error] = [failed?.status ?? 200, failed?.code ?? null];
    const bodyBytes = body?.size ?? 0;
    onRequest?.({ action, partNumber, attempt, bodyBytes, startedAt: 0, durationMs: 0, status, requestId: "r", error });
  }
}

/** The service compares Content-MD5 on arrival. */
async function received(action: StoreAction, body: Blob, digest: Digest): Promise<Bytes> {
  const bytes = new Uint8Array(await body.arrayBuffer());
  if (digest.md5 !== undefined && hex(digest.md5) !== etagOf(bytes)) fail("corrupted", action, 400, "BadDigest");
  return bytes;
}

function infoOf(key: string, { length }: Bytes, etag: ETag): ObjectInfo {
  return { key, size: length, etag, crc64: undefined, versionId: undefined, requestId: "r", callback: undefined };
}

const nameOf = ({ md5: ours, etag }: PartNames) => (ours === undefined ? etag : hex(ours));
const nameIn = ({ md5: ours }: Digest) => ours && hex(ours);

function md5(bytes: Uint8Array | string): Buffer {
  return createHash("md5").update(bytes).digest();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function fail(code: UploadError["code"], action: string, status: number, serverCode: string): never {
  throw new UploadError(code, `${action} was answered ${status} ${serverCode}`, { action, status, serverCode });
}
