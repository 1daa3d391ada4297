/** CRC-64/XZ ("CRC-64-ECMA"): what seals our records, and the checksum that OSS reports of every part and object. Pure. */
import { crc64By } from "./crc64.js";

/** ECMA-182, reflected. */
export const { crc64, combineAll } = /* @__PURE__ */ crc64By(0xc96c5795d7870f42n);
