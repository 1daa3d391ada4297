/** Blob → MD5 and CRC-64 in one read. Nothing throws: what went wrong is an outcome. */
import type { Digest, DigestKinds, Outcome } from "./contract.js";
import { borrowHashers, type Hashers, returnHashers } from "./hashers/hashers.js";
import { readPieces } from "./read.js";

/**
 * Reads all of `bytes` even when no digest is wanted: that the file is still readable is an answer too.
 * Failures: "cancelled" once `signal` is aborted, "unreadable" for everything else.
 */
export async function digest(bytes: Blob, wanted: DigestKinds, signal: AbortSignal): Promise<Outcome<Digest>> {
  const hashers = await borrowHashers();
  try {
    return { ok: true, value: await readInto(hashers, bytes, wanted, signal) };
  } catch (cause) {
    if (signal.aborted) return { ok: false, failure: { kind: "cancelled", message: "reading was cancelled" } };
    return { ok: false, failure: { kind: "unreadable", message: `the bytes could not be read: ${cause}` } };
  } finally {
    returnHashers(hashers);
  }
}

async function readInto(hashers: Hashers, bytes: Blob, wanted: DigestKinds, signal: AbortSignal): Promise<Digest> {
  const md5 = wanted.md5 ? hashers.md5 : undefined;
  const crc64 = wanted.crc64 ? hashers.crc64 : undefined;
  let size = 0;
  md5?.reset();
  crc64?.reset();
  const consume = (piece: Uint8Array<ArrayBuffer>) => {
    md5?.update(piece);
    crc64?.update(piece);
    size += piece.byteLength;
  };
  await readPieces(bytes, { signal, consume });
  if (size !== bytes.size) throw new Error(`${size} of ${bytes.size} bytes came`);
  return { md5: md5?.finish(), crc64: crc64?.finish(), size };
}
