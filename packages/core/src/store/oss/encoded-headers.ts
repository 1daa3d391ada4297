/** What an app says in words that headers do not have: how it is written in them. Pure. */

import type { UploadCallback } from "../../api/object-target.js";
import { isPlainHeaderValue } from "../bucket/header-values.js";
import { encode } from "../bucket/percent-encoding.js";

/**
 * Metadata as it is sent: printable ASCII without "%" stays as it is. Header values cannot carry anything else through browsers,
 * proxies and signatures alike, and OSS defines no encoding; so other values are percent-encoded whole, and `decodeMetadata`
 * gives them back.
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

/** `x-oss-callback` and `x-oss-callback-var`: base64 of the UTF-8 of JSON. */
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
