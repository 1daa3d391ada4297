/** Reads what names the bytes of a slice, and makes sure that all of them were there. */
import { UploadError } from "../../errors.js";
import type { ByteWorkers, Digest, DigestKinds, DigestOptions, Four } from "../../workers/byte-workers.js";

/** What names bytes for good, whatever the store or an earlier page has to compare them with. */
export const bothDigests: DigestKinds = { md5: true, crc64: true };

/**
 * Nothing is read where nothing is wanted: whether the bytes are still readable shows when they are sent.
 *
 * @throws UploadError "file-unreadable" when fewer bytes were there than the slice promised
 */
export async function digestOf(
  workers: ByteWorkers,
  slice: Blob,
  wanted: DigestKinds,
  options: DigestOptions,
): Promise<Digest> {
  if (isNothing(wanted)) return { size: slice.size, md5: undefined, crc64: undefined };
  return whole(slice, await workers.digest(slice, wanted, options));
}

/**
 * The same for several: four are digested side by side, which costs half as much as one after the other.
 *
 * @returns one for each, in the same order; each is rejected as `digestOf` is
 */
export function digestsOf(
  workers: ByteWorkers,
  slices: readonly Blob[],
  wanted: DigestKinds,
  options: DigestOptions,
): readonly Promise<Digest>[] {
  if (!isFour(slices) || isNothing(wanted)) return slices.map((slice) => digestOf(workers, slice, wanted, options));
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

/** As much of a digest as was asked for. */
export function onlyWanted(digest: Digest, wanted: DigestKinds): Digest {
  const { size, md5, crc64 } = digest;
  return { size, md5: wanted.md5 ? md5 : undefined, crc64: wanted.crc64 ? crc64 : undefined };
}
