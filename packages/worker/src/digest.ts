/** Computes MD5 and CRC-64 of a Blob in one read. No function throws: a failure is an outcome. */
import type { Digest, DigestKinds, Four, Outcome } from "./contract.js";
import { borrowHasher, borrowHasherOfFour, returnHasher, returnHasherOfFour } from "./hashers/hashers.js";
import { readFour, readPieces } from "./read.js";
import { createReadingClock, SilentDrive } from "./reading-clock.js";

export interface DigestLimits {
  readonly signal: AbortSignal;
  /** How long no byte may come. */
  readonly silenceMs: number;
}

/**
 * Reads all of `bytes` even when no digest is wanted, because the caller may only want to know that the file is still readable.
 * Failures: "cancelled" once `signal` is aborted, "silent" when no byte comes, "unreadable" for everything else.
 */
export async function digest(bytes: Blob, wanted: DigestKinds, limits: DigestLimits): Promise<Outcome<Digest>> {
  const hasher = await borrowHasher();
  try {
    hasher.reset(wanted);
    await inTime(limits, (signal, moved) =>
      readPieces(bytes, {
        signal,
        consume(piece) {
          moved();
          hasher.update(piece);
        },
      }),
    );
    const value = hasher.finish();
    if (value.size !== bytes.size) throw new Error(`${value.size} of ${bytes.size} bytes came`);
    return { ok: true, value };
  } catch (cause) {
    return failure(cause, limits.signal);
  } finally {
    returnHasher(hasher);
  }
}

/** Digests four Blobs: side by side if they have one size and the browser can do that, otherwise one after the other. */
export async function digestFour(
  four: Four<Blob>,
  wanted: DigestKinds,
  limits: DigestLimits,
): Promise<Outcome<Four<Digest>>> {
  try {
    const together = four.every(({ size }) => size === four[0].size)
      ? await inOnePass(four, wanted, limits)
      : undefined;
    if (together !== undefined) return { ok: true, value: together };
  } catch (cause) {
    return failure(cause, limits.signal);
  }
  const digests: Digest[] = [];
  for (const bytes of four) {
    const outcome = await digest(bytes, wanted, limits);
    if (!outcome.ok) return outcome;
    digests.push(outcome.value);
  }
  return { ok: true, value: digests as unknown as Four<Digest> };
}

/** @returns undefined if the browser cannot hash four at once, or if a stream did not deliver its whole Blob */
async function inOnePass(
  four: Four<Blob>,
  wanted: DigestKinds,
  limits: DigestLimits,
): Promise<Four<Digest> | undefined> {
  const hasher = await borrowHasherOfFour();
  if (hasher === undefined) return undefined;
  try {
    hasher.reset(wanted);
    const whole = await inTime(limits, (signal, moved) =>
      readFour(four, {
        signal,
        consume(pieces) {
          moved();
          hasher.update(pieces);
        },
      }),
    );
    return whole ? hasher.finish() : undefined;
  } finally {
    returnHasherOfFour(hasher);
  }
}

/** @throws SilentDrive when no byte moves for too long. The read that hangs is left behind: nothing ends it */
async function inTime<T>(
  { signal, silenceMs }: DigestLimits,
  read: (signal: AbortSignal, moved: () => void) => Promise<T>,
): Promise<T> {
  const clock = createReadingClock(silenceMs);
  try {
    return await read(AbortSignal.any([signal, clock.signal]), clock.moved);
  } finally {
    clock.stop();
  }
}

function failure(cause: unknown, signal: AbortSignal): Outcome<never> {
  if (signal.aborted) return { ok: false, failure: { kind: "cancelled", message: "reading was cancelled" } };
  const kind = cause instanceof SilentDrive ? "silent" : "unreadable";
  return { ok: false, failure: { kind, message: `the bytes could not be read: ${cause}` } };
}
