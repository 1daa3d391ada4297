/** Takes the fingerprint of a file. Name and date are no part of it: phones change the date when a file is picked again. */
import { UploadError } from "../../errors.js";
import { hex } from "../../hex.js";
import type { Fingerprint } from "../../upload/memory.js";
import type { ByteWorkers, Digest } from "../../workers/byte-workers.js";
import type { FingerprintKind } from "../context.js";
import { KiB } from "../parts/part-size.js";
import { bothDigests } from "./digest.js";

/** Count and size decide what a fingerprint says: with others, checkpoints of earlier versions would belong to other files. */
const sampleCount = 16;
const sampleSize = 256 * KiB;

export interface TakenFingerprint {
  readonly fingerprint: Fingerprint;
  /** Digest of the whole file, if all of it was read. */
  readonly digest: Digest | undefined;
}

/**
 * "sampled" reads 16 samples of 256 KiB, spread evenly over the file with both ends included (18 ms at 4 GiB). A change between the
 * samples is found later, when the parts that earlier pages stored are digested again. "full" reads every byte. A file no larger than
 * the samples together is always read in full.
 *
 * @returns a fingerprint of the kind, the size, and the MD5 and CRC-64 of the bytes that were read
 * @throws UploadError "file-unreadable"
 */
export async function takeFingerprint(
  file: Blob,
  kind: FingerprintKind,
  workers: ByteWorkers,
  signal: AbortSignal,
): Promise<TakenFingerprint> {
  const read = kind === "full" ? file : samplesOf(file);
  const digest = await workers.digest(read, bothDigests, { signal });
  if (digest.size !== read.size) throw new UploadError("file-unreadable", unreadable(file, digest));
  const content = `${hex(digest.md5 ?? new Uint8Array())}-${digest.crc64?.toString(16)}`;
  const fingerprint = `${kind}-${file.size}-${content}` as Fingerprint;
  return { fingerprint, digest: read === file ? digest : undefined };
}

/** Like `takeFingerprint`, but without the digest. @throws UploadError "file-unreadable" */
export async function fingerprintOf(...of: Parameters<typeof takeFingerprint>): Promise<Fingerprint> {
  return (await takeFingerprint(...of)).fingerprint;
}

/** @returns how a fingerprint was taken. Another file can only be compared with it if its own is taken the same way */
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
