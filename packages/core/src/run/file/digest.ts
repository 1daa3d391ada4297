/** Digests slices in the workers, and checks that all of their bytes could be read. */
import { UploadError } from "../../errors.js";
import type { ByteWorkers, Digest, DigestKinds, DigestOptions, Four } from "../../workers/byte-workers.js";

/** Both digests: enough to compare bytes with anything that a store lists or an earlier page recorded. */
export const bothDigests: DigestKinds = { md5: true, crc64: true };

/**
 * If no digest is wanted the slice is not read. Whether its bytes can be read then shows when they are sent.
 *
 * @throws UploadError "file-unreadable" if the slice holds fewer bytes than its size says
 */
export async function digestSlice(
  workers: ByteWorkers,
  slice: Blob,
  wanted: DigestKinds,
  options: DigestOptions,
): Promise<Digest> {
  if (isNothing(wanted)) return { size: slice.size, md5: undefined, crc64: undefined };
  return whole(slice, await workers.digest(slice, wanted, options));
}

/**
 * Digests several slices. Exactly four are digested side by side, which costs half as much as one after the other.
 *
 * @returns a promise for each slice, in order. Each rejects as `digestSlice` does
 */
export function digestSlices(
  workers: ByteWorkers,
  slices: readonly Blob[],
  wanted: DigestKinds,
  options: DigestOptions,
): readonly Promise<Digest>[] {
  if (!isFour(slices) || isNothing(wanted)) return slices.map((slice) => digestSlice(workers, slice, wanted, options));
  const four = workers.digestFour(slices, wanted, options);
  const numbers = [0, 1, 2, 3] as const;
  return numbers.map(async (number) => whole(slices[number], (await four)[number]));
}

function isFour<T>(list: readonly T[]): list is Four<T> {
  return list.length === 4;
}

function isNothing({ md5, crc64 }: DigestKinds): boolean {
  return !md5 && !crc64;
}

function whole(slice: Blob, digest: Digest): Digest {
  if (digest.size === slice.size) return digest;
  throw new UploadError(
    "file-unreadable",
    `Reading ${slice.size} bytes of the file gave ${digest.size}: it was cut short`,
    { hint: "Let the user pick the file again." },
  );
}

/** @returns the digest without the kinds that are not wanted */
export function onlyWanted(digest: Digest, wanted: DigestKinds): Digest {
  const { size, md5, crc64 } = digest;
  return { size, md5: wanted.md5 ? md5 : undefined, crc64: wanted.crc64 ? crc64 : undefined };
}
