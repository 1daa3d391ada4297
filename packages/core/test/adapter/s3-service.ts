/** A service with the names of S3, in memory: several pages may be connected to it. */
import { createHash } from "node:crypto";
import {
  type Digest,
  type ETag,
  type ObjectInfo,
  type ObjectTarget,
  type StoreAction,
  UploadError,
  type UploadId,
} from "../../src/index.js";

type Bytes = Uint8Array<ArrayBuffer>;
export type Right = "list" | "head" | "abort";
type Names = readonly { readonly number: number; readonly etag: ETag }[];

export const rights: Readonly<Record<Right, string>> = {
  list: "s3:ListMultipartUploadParts",
  head: "s3:GetObject",
  abort: "s3:AbortMultipartUpload",
};

export const minPartSize = 64;
export const maxParts = 10_000;

export class S3Flavoured {
  readonly objects = new Map<string, { readonly bytes: Bytes; readonly etag: ETag; readonly target: ObjectTarget }>();
  readonly uploads = new Map<UploadId, { readonly target: ObjectTarget; readonly parts: Map<number, Bytes> }>();
  readonly forbidden = new Set<Right>();
  #ids = 0;

  async putObject(target: ObjectTarget, body: Blob, digest: Digest): Promise<ObjectInfo> {
    const bytes = await received("PutObject", body, digest);
    return this.#keep(target, bytes, etagOf(bytes));
  }

  initiate(target: ObjectTarget): UploadId {
    const id = `upload-${++this.#ids}` as UploadId;
    this.uploads.set(id, { target, parts: new Map() });
    return id;
  }

  async putPart(id: UploadId, number: number, slice: Blob, digest: Digest): Promise<ETag> {
    if (number < 1 || number > maxParts) fail("rejected", "UploadPart", 400, "InvalidArgument");
    const bytes = await received("UploadPart", slice, digest);
    this.#upload(id, "UploadPart").parts.set(number, bytes);
    return etagOf(bytes);
  }

  listParts(id: UploadId): readonly (readonly [number: number, bytes: Bytes])[] {
    this.#demand("list");
    return [...this.#upload(id, "ListParts").parts].sort(([a], [b]) => a - b);
  }

  complete(id: UploadId, parts: Names): ObjectInfo {
    const action = "CompleteMultipartUpload";
    const { target, parts: stored } = this.#upload(id, action);
    const pieces = parts.map(({ number, etag }, index) => {
      if (number <= (parts[index - 1]?.number ?? 0)) fail("rejected", action, 400, "InvalidPartOrder");
      const bytes = stored.get(number);
      if (bytes === undefined || etagOf(bytes) !== etag) return fail("rejected", action, 400, "InvalidPart");
      if (bytes.length < minPartSize && index < parts.length - 1) fail("rejected", action, 400, "EntityTooSmall");
      return bytes;
    });
    this.uploads.delete(id);
    return this.#keep(target, Uint8Array.from(Buffer.concat(pieces)), etagOfParts(pieces));
  }

  abort(id: UploadId): void {
    this.#demand("abort");
    this.uploads.delete(id);
  }

  /** @returns undefined if there is no such object */
  head(key: string): (ObjectInfo & { readonly contentType: string }) | undefined {
    this.#demand("head");
    const object = this.objects.get(key);
    if (object === undefined) return undefined;
    return { ...infoOf(key, object.bytes, object.etag), contentType: object.target.contentType ?? "" };
  }

  #upload(id: UploadId, action: StoreAction) {
    return this.uploads.get(id) ?? fail("upload-gone", action, 404, "NoSuchUpload");
  }

  #demand(right: Right): void {
    if (this.forbidden.has(right)) fail("forbidden", rights[right], 403, "AccessDenied");
  }

  #keep(target: ObjectTarget, bytes: Bytes, etag: ETag): ObjectInfo {
    this.objects.set(target.key, { bytes, etag, target });
    return infoOf(target.key, bytes, etag);
  }
}

export const etagOf = (bytes: Uint8Array) => md5(bytes).toString("hex") as ETag;
/** The MD5 of the parts' MD5s as bytes; OSS takes them as text. */
export const etagOfParts = (parts: readonly Uint8Array[]) =>
  `${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}` as ETag;

/** The service compares Content-MD5 on arrival. */
async function received(action: StoreAction, body: Blob, digest: Digest): Promise<Bytes> {
  const bytes = new Uint8Array(await body.arrayBuffer());
  if (digest.md5 !== undefined && hex(digest.md5) !== etagOf(bytes)) fail("corrupted", action, 400, "BadDigest");
  return bytes;
}

function infoOf(key: string, { length }: Bytes, etag: ETag): ObjectInfo {
  return { key, size: length, etag, crc64: undefined, versionId: undefined, requestId: "r", callback: undefined };
}

export function md5(bytes: Uint8Array | string): Buffer {
  return createHash("md5").update(bytes).digest();
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function fail(code: UploadError["code"], action: string, status: number, serverCode: string): never {
  throw new UploadError(code, `${action} was answered ${status} ${serverCode}`, { action, status, serverCode });
}
