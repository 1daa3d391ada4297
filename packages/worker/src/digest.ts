/** Blob → MD5 and CRC-64 in one read. Nothing throws: what went wrong is an outcome. */
import type { Digest, DigestKinds, Outcome } from "./contract.js";
import { borrowHasher, returnHasher } from "./hashers/hashers.js";
import { readPieces } from "./read.js";

/**
 * Reads all of `bytes` even when no digest is wanted: that the file is still readable is an answer too.
 * Failures: "cancelled" once `signal` is aborted, "unreadable" for everything else.
 */
export async function digest(bytes: Blob, wanted: DigestKinds, signal: AbortSignal): Promise<Outcome<Digest>> {
  const hasher = await borrowHasher();
  try {
    hasher.reset(wanted);
    await readPieces(bytes, { signal, consume: (piece) => hasher.update(piece) });
    const value = hasher.finish();
    if (value.size !== bytes.size) throw new Error(`${value.size} of ${bytes.size} bytes came`);
    return { ok: true, value };
  } catch (cause) {
    if (signal.aborted) return { ok: false, failure: { kind: "cancelled", message: "reading was cancelled" } };
    return { ok: false, failure: { kind: "unreadable", message: `the bytes could not be read: ${cause}` } };
  } finally {
    returnHasher(hasher);
  }
}
