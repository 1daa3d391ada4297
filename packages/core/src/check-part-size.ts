/** Checks a size for parts. Apart from the plan, which is loaded with the engine. Pure. */
import { valid } from "./invalid-option.js";
import type { StoreLimits } from "./store/object-store.js";

/** @throws UploadError "invalid-option" if `wanted` is not a whole number of bytes within `limits` */
export function checkPartSize(wanted: number, limits: StoreLimits): number {
  const { minPartSize, maxPartSize } = limits;
  const isRight = Number.isInteger(wanted) && wanted >= minPartSize && wanted <= maxPartSize;
  const hint = `Leave it at "auto", or pass a whole number of bytes from ${minPartSize} to ${maxPartSize}, e.g. 8 * 1024 * 1024.`;
  return valid(isRight, "partSize", wanted, hint);
}
