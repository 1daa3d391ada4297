/** Names a file's content as far as we looked. Name and date are no part of it: phones change the date on a second pick. */
import { UploadError } from "../../errors.js";
import { hex } from "../../hex.js";
import type { Fingerprint } from "../../upload/memory.js";
import { KiB } from "../../upload/plan.js";
import type { ByteWorkers, Digest } from "../../workers/byte-workers.js";
import type { FingerprintKind } from "../context.js";
import { bothDigests } from "./digest.js";

const sampleCount = 16;
const sampleSize = 256 * KiB;

export interface Looked {
  readonly fingerprint: Fingerprint;
  /** Of the whole file, where all of it was read. */
  readonly digest: Digest | undefined;
}

/**
 * "sampled" reads the size and 16 × 256 KiB spread evenly over the file, both ends included (18 ms at 4 GiB); a change
 * between the samples is found later, when what earlier pages stored is digested again. "full" reads every byte.
 * A file that the samples cover is read in full either way.
 *
 * @returns the kind, the size, MD5 and CRC-64 of what was read
 * @throws UploadError "file-unreadable"
 */
export async function look(
  file: Blob,
  kind: FingerprintKind,
  workers: ByteWorkers,
  signal: AbortSignal,
): Promise<Looked> {
  const looked = kind === "full" ? file : samplesOf(file);
  const digest = await workers.digest(looked, bothDigests, { signal });
  if (digest.size !== looked.size) throw new UploadError("file-unreadable", unreadable(file, digest));
  const content = `${hex(digest.md5 ?? new Uint8Array())}-${digest.crc64?.toString(16)}`;
  const fingerprint = `${kind}-${file.size}-${content}` as Fingerprint;
  return { fingerprint, digest: looked === file ? digest : undefined };
}

/** The fingerprint alone, of a file that may turn out to be another one. @throws UploadError "file-unreadable" */
export async function fingerprintOf(...seen: Parameters<typeof look>): Promise<Fingerprint> {
  return (await look(...seen)).fingerprint;
}

/** How a fingerprint was taken, so that another file can be compared with it. */
export function fingerprintKind(fingerprint: string): FingerprintKind {
  return fingerprint.startsWith("full-") ? "full" : "sampled";
}

function samplesOf(file: Blob): Blob {
  if (file.size <= sampleCount * sampleSize) return file;
  const stride = (file.size - sampleSize) / (sampleCount - 1);
  const starts = Array.from({ length: sampleCount }, (_, index) => Math.floor(index * stride));
  return new Blob(starts.map((start) => file.slice(start, start + sampleSize)));
}

function unreadable(file: Blob, digest: Digest): string {
  return `Reading the file to recognise it later gave ${digest.size} bytes where its size ${file.size} promised more: it changed`;
}
