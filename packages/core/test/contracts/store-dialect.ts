/** What the contract has to be told of a store's dialect: how it names bytes and rights, and which promises it makes. */
import { createHash } from "node:crypto";
import { combineAll, crc64 } from "../../src/crc64-ecma.js";
import type { ETag } from "../../src/store/object-store.js";

export interface StoreDialect {
  /** The ETag of a part, and of an object put whole. */
  readonly etagOf: (bytes: Uint8Array) => ETag;
  /** The ETag of an object made of these parts. */
  readonly etagOfParts: (parts: readonly Uint8Array[]) => ETag;
  /** As the service tells it; absent where it tells none. */
  readonly crc64?: {
    readonly of: (bytes: Uint8Array) => bigint;
    readonly ofParts: (parts: readonly Uint8Array[]) => bigint;
  };
  /** What an error calls the right that is missing. */
  readonly rights: Readonly<Record<"list" | "head" | "abort", string>>;
  /** `ifExists: "forbid"` is kept. */
  readonly forbidsOverwriting: boolean;
}

export const ossNames: StoreDialect = {
  etagOf: md5Hex,
  // Undocumented, but true of every published sample: the MD5 of the part ETags as ASCII text.
  etagOfParts: (parts) => `${md5Hex(parts.map(md5Hex).join(""))}-${parts.length}` as ETag,
  crc64: {
    of: (bytes) => crc64(bytes),
    ofParts: (parts) => combineAll(parts.map((bytes) => ({ crc64: crc64(bytes), length: bytes.length }))),
  },
  rights: { list: "oss:ListParts", head: "oss:GetObject", abort: "oss:AbortMultipartUpload" },
  forbidsOverwriting: true,
};

export function md5Hex(bytes: Uint8Array | string): ETag {
  return createHash("md5").update(bytes).digest("hex").toUpperCase() as ETag;
}
