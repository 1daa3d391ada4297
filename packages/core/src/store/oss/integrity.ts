/** Which digests the option `integrity` needs. Pure. */
import type { DigestKinds } from "../../workers/byte-workers.js";
import type { Integrity } from "../object-store.js";

export function ossDigests(integrity: Integrity): DigestKinds {
  return { md5: integrity === "md5+crc64", crc64: integrity !== "none" };
}
