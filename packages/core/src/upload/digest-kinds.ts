/** Both digests: what names bytes for good, whatever the store or an earlier page has to compare them with. */
import type { DigestKinds } from "../workers/byte-workers.js";

export const bothDigests: DigestKinds = { md5: true, crc64: true };
