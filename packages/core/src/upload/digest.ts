/** Reads what names the bytes of a slice, and makes sure that all of them were there. */
import { UploadError } from "../errors.js";
import type { ByteWorkers, Digest, DigestKinds, DigestOptions } from "../workers/byte-workers.js";

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
  if (!wanted.md5 && !wanted.crc64) return { size: slice.size, md5: undefined, crc64: undefined };
  const digest = await workers.digest(slice, wanted, options);
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
