/** Computes the digests of one message, piece by piece. Types only. */
import type { Digest, DigestKinds } from "../contract.js";

export interface Hasher {
  /** Begins a new message. May be called before `finish`. */
  reset(wanted: DigestKinds): void;
  update(piece: Uint8Array<ArrayBuffer>): void;
  finish(): Digest;
}
