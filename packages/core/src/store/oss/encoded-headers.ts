/** Encodes options that headers cannot carry as they are: metadata and callbacks. Pure. */

import type { UploadCallback } from "../../api/object-target.js";
import { isPlainHeaderValue } from "../bucket/header-values.js";
import { encode } from "../bucket/percent-encoding.js";

/**
 * Leaves printable ASCII without "%" as it is, and percent-encodes any other value as a whole; `decodeMetadata` decodes it. Browsers,
 * proxies and signatures agree on ASCII alone, and OSS defines no encoding.
 */
export function encodeMetadata(value: string): string {
  return value === "" || (isPlainHeaderValue(value) && !value.includes("%")) ? value : encode(value);
}

/**
 * Reads a value of `metadata` back from what HEAD or GET show in `x-oss-meta-…`.
 *
 * @returns the value as `upload()` was given it; what nobody has encoded, as it is
 */
export function decodeMetadata(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** @returns `x-oss-callback` and `x-oss-callback-var`, each the base64 of JSON in UTF-8 */
export function callbackHeaders({ url, body, host, contentType, sni, variables }: UploadCallback) {
  const callback = {
    callbackUrl: [url].flat().join(";"),
    callbackHost: host,
    callbackBody: body,
    callbackBodyType: contentType,
    callbackSNI: sni,
  };
  const named = Object.entries(variables ?? {}).map(([name, value]) => [`x:${name}`, value] as const);
  return {
    "x-oss-callback": base64Json(callback),
    ...(named.length === 0 ? {} : { "x-oss-callback-var": base64Json(Object.fromEntries(named)) }),
  };
}

function base64Json(value: unknown): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));
}
