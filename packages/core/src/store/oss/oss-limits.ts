/** The limits of OSS. */
import type { StoreLimits } from "../object-store.js";

const GiB = 2 ** 30;

/** @see https://help.aliyun.com/zh/oss/user-guide/limits */
export const ossLimits: StoreLimits = {
  minPartSize: 100 * 1024,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  maxPutSize: 5 * GiB,
};
