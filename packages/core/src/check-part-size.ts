/** Checks the part size that an app has chosen: apart from what chooses one, which is loaded with the engine. Pure. */
import { UploadError } from "./errors.js";
import { shown } from "./invalid-option.js";
import type { StoreLimits } from "./store/object-store.js";

/** @throws UploadError `invalid-option` if `wanted` is not a whole number of bytes within `limits` */
export function checkPartSize(wanted: number, limits: StoreLimits): number {
  if (Number.isInteger(wanted) && wanted >= limits.minPartSize && wanted <= limits.maxPartSize) return wanted;
  throw new UploadError(
    "invalid-option",
    `partSize is ${shown(wanted)}; the store takes whole numbers from ${limits.minPartSize} to ${limits.maxPartSize} bytes`,
    { hint: 'Leave partSize at "auto", or pass bytes, e.g. 8 * 1024 * 1024.' },
  );
}
