/** Reads CRC-64s of headers and listings. Pure. */
import type { XmlValue } from "../../workers/byte-workers.js";
import { text } from "../bucket/xml-element.js";

/** @param given unsigned decimal. @returns a bigint, because a number cannot hold it; undefined if it is no CRC-64 */
export function readCrc64(given: string | undefined): bigint | undefined {
  const digits = given?.trim();
  if (digits === undefined || !/^\d{1,20}$/.test(digits)) return undefined;
  const crc64 = BigInt(digits);
  return crc64 < 2n ** 64n ? crc64 : undefined;
}

/** @param part an element of the answer to ListParts */
export function listedCrc64(part: XmlValue): bigint | undefined {
  return readCrc64(text(part, "HashCrc64ecma"));
}
