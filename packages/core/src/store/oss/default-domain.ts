/**
 * Buckets on the Chinese mainland of whoever became a customer after 2025-03-20 take no objects through their region's default public domain.
 * Which error the service answers is not known, so every refusal there that is about neither key nor signature may be it. Pure.
 */

/** @param hostname that was asked, with or without the bucket in front */
export function isDefaultMainland(hostname = ""): boolean {
  return /^([a-z0-9-]+\.)?oss-cn-(?!hongkong\b)[a-z0-9-]+(?<!-internal)\.aliyuncs\.com$/.test(hostname);
}

export const domainRule =
  "Or it is this domain: accounts opened after 2025-03-20 reach buckets on the Chinese mainland only by a domain of their own. Bind one to " +
  'the bucket, and pass endpoint: "https://files.your.site", addressing: "cname".';
