/** The CRC-64 as OSS writes it, in headers and listings. Pure. */
import type { XmlValue } from "../../workers/byte-workers.js";
import { text } from "../bucket/xml-element.js";

/** Unsigned decimal; it does not fit a number. */
export function readCrc64(given: string | undefined): bigint | undefined {
  const digits = given?.trim();
  if (digits === undefined || !/^\d{1,20}$/.test(digits)) return undefined;
  const crc64 = BigInt(digits);
  return crc64 < 2n ** 64n ? crc64 : undefined;
}

/** Of a part in the answer to ListParts. */
export function listedCrc64(part: XmlValue): bigint | undefined {
  return readCrc64(text(part, "HashCrc64ecma"));
}
