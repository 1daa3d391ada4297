/** Which digests prove what an app wants proved, and what to expose where they cannot. Pure. */
import type { DigestKinds } from "../../workers/byte-workers.js";
import type { Integrity, StoreHints } from "../object-store.js";

const kinds: Readonly<Record<Integrity, DigestKinds>> = {
  "md5+crc64": { md5: true, crc64: true },
  crc64: { md5: false, crc64: true },
  none: { md5: false, crc64: false },
};

export function ossDigests(integrity: Integrity): DigestKinds {
  return kinds[integrity];
}

export const ossHints: StoreHints = {
  nothingProves: "Add x-oss-hash-crc64ecma and ETag to ExposeHeader in the bucket's CORS rule.",
  crc64Hidden: "Add x-oss-hash-crc64ecma to ExposeHeader in the bucket's CORS rule.",
};
