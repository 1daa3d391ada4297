/** What computes the digests of one stream of bytes. Types only. */
import type { Digest, DigestKinds } from "../contract.js";

export interface Hasher {
  /** Begins anew; may be left half-way. */
  reset(wanted: DigestKinds): void;
  update(piece: Uint8Array<ArrayBuffer>): void;
  finish(): Digest;
}
