/** What an object is to be → the headers of each call that has a say in it. Pure. */
import type { UploadCallback } from "../../api/upload.js";
import type { FinishOptions, ObjectTarget } from "../object-store.js";
import { encode } from "./canonical.js";

type Headers = Record<string, string>;

/** PutObject: everything at once. */
export function putObjectHeaders(target: ObjectTarget): Headers {
  return { ...fixedHeaders(target), ...finishHeaders(target), ...trafficHeaders(target.trafficLimit) };
}

/** InitiateMultipartUpload: whatever is stored with the object, but for its ACL. */
export function initiateHeaders(target: ObjectTarget): Headers {
  return { ...fixedHeaders(target), ...forbidHeaders(target.ifExists) };
}

/** UploadPart: an encryption header here would be refused. */
export function trafficHeaders(trafficLimit: number | undefined): Headers {
  return trafficLimit === undefined ? {} : { "x-oss-traffic-limit": String(trafficLimit) };
}

/** CompleteMultipartUpload: what decides about the moment at which the object appears. */
export function finishHeaders({ acl, callback, ifExists }: FinishOptions): Headers {
  return {
    ...forbidHeaders(ifExists),
    ...(acl === undefined ? {} : { "x-oss-object-acl": acl }),
    ...(callback === undefined ? {} : callbackHeaders(callback)),
  };
}

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

/** Printable ASCII, neither empty nor with a blank at an end, which HTTP drops. */
export function isPlainHeaderValue(value: string): boolean {
  return /^[!-~]([ -~]*[!-~])?$/.test(value);
}

/** `x-oss-callback` and `x-oss-callback-var`: base64 of the UTF-8 of JSON. */
export function callbackHeaders({ url, body, host, contentType, sni, variables }: UploadCallback): Headers {
  const callback = {
    callbackUrl: [url].flat().join(";"),
    ...(host === undefined ? {} : { callbackHost: host }),
    callbackBody: body,
    ...(contentType === undefined ? {} : { callbackBodyType: contentType }),
    ...(sni === undefined ? {} : { callbackSNI: sni }),
  };
  const named = Object.entries(variables ?? {}).map(([name, value]) => [`x:${name}`, value] as const);
  return {
    "x-oss-callback": base64Json(callback),
    ...(named.length === 0 ? {} : { "x-oss-callback-var": base64Json(Object.fromEntries(named)) }),
  };
}

export function taggingHeader(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

function fixedHeaders(target: ObjectTarget): Headers {
  const { encryption, metadata = {}, tags = {} } = target;
  const headers: Record<string, string | undefined> = {
    // Said outright, so that no browser adds a type of its own, which the signature would lack.
    "content-type": target.contentType ?? "application/octet-stream",
    "cache-control": target.cacheControl,
    "content-disposition": target.contentDisposition,
    "content-encoding": target.contentEncoding,
    expires: target.expires?.toUTCString(),
    "x-oss-storage-class": target.storageClass,
    "x-oss-server-side-encryption": encryption?.algorithm,
    "x-oss-server-side-encryption-key-id": encryption?.kmsKeyId,
    "x-oss-tagging": Object.keys(tags).length === 0 ? undefined : taggingHeader(tags),
  };
  for (const [name, value] of Object.entries(metadata)) {
    headers[`x-oss-meta-${name.toLowerCase()}`] = encodeMetadata(value);
  }
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function forbidHeaders(ifExists: ObjectTarget["ifExists"]): Headers {
  return ifExists === "forbid" ? { "x-oss-forbid-overwrite": "true" } : {};
}

function base64Json(value: unknown): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));
}
