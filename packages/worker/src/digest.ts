/** Computes MD5 and CRC-64 of a Blob in one read. No function throws: a failure is an outcome. */
import type { Digest, DigestKinds, Four, Outcome } from "./contract.js";
import { borrowHasher, borrowHasherOfFour, returnHasher, returnHasherOfFour } from "./hashers/hashers.js";
import { readFour, readPieces } from "./read.js";

/**
 * Reads all of `bytes` even when no digest is wanted, because the caller may only want to know that the file is still readable.
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
    return failure(cause, signal);
  } finally {
    returnHasher(hasher);
  }
}

/** Digests four Blobs: side by side if they have one size and the browser can do that, otherwise one after the other. */
export async function digestFour(
  four: Four<Blob>,
  wanted: DigestKinds,
  signal: AbortSignal,
): Promise<Outcome<Four<Digest>>> {
  try {
    const together = four.every(({ size }) => size === four[0].size)
      ? await inOnePass(four, wanted, signal)
      : undefined;
    if (together !== undefined) return { ok: true, value: together };
  } catch (cause) {
    return failure(cause, signal);
  }
  const digests: Digest[] = [];
  for (const bytes of four) {
    const outcome = await digest(bytes, wanted, signal);
    if (!outcome.ok) return outcome;
    digests.push(outcome.value);
  }
  return { ok: true, value: digests as unknown as Four<Digest> };
}

/** @returns undefined if the browser cannot hash four at once, or if a stream did not deliver its whole Blob */
async function inOnePass(
  four: Four<Blob>,
  wanted: DigestKinds,
  signal: AbortSignal,
): Promise<Four<Digest> | undefined> {
  const hasher = await borrowHasherOfFour();
  if (hasher === undefined) return undefined;
  try {
    hasher.reset(wanted);
    const whole = await readFour(four, { signal, consume: (pieces) => hasher.update(pieces) });
    return whole ? hasher.finish() : undefined;
  } finally {
    returnHasherOfFour(hasher);
  }
}

function failure(cause: unknown, signal: AbortSignal): Outcome<never> {
  if (signal.aborted) return { ok: false, failure: { kind: "cancelled", message: "reading was cancelled" } };
  return { ok: false, failure: { kind: "unreadable", message: `the bytes could not be read: ${cause}` } };
}
