/** The properties that a request gives to an object: they are checked, kept as they were sent, and given back by HEAD and GET. */
import { invalidArgument, type OssErrorDetails, refusal } from "../oss-error.js";
import type { Acl, ObjectTraits, StoredObject } from "../storage/records.js";

type Headers = Readonly<Record<string, string>>;

const standardHeaders = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];
const storageClasses = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"];
const acls: readonly Acl[] = ["default", "private", "public-read", "public-read-write"];
const maxMetaBytes = 8 * 1024;

function storedHeaders(headers: Headers): Record<string, string> {
  const meta = Object.entries(headers).filter(([name]) => name.startsWith("x-oss-meta-"));
  // Latin-1 strings: one char is one byte.
  const metaBytes = meta.reduce((sum, [name, value]) => sum + name.length - "x-oss-meta-".length + value.length, 0);
  if (metaBytes > maxMetaBytes) throw refusal("InvalidArgument", { message: "Meta is too large." });
  const standard = standardHeaders.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { "content-type": "application/octet-stream", ...Object.fromEntries([...standard, ...meta]) };
}

function storageClassOf(headers: Headers): string {
  const value = headers["x-oss-storage-class"] ?? "Standard";
  if (storageClasses.includes(value)) return value;
  throw invalidArgument("x-oss-storage-class", value, "The storage class you specified is not valid.");
}

/** @throws OssError `InvalidArgument` */
export function aclOf(headers: Headers): Acl {
  const value = headers["x-oss-object-acl"] ?? "default";
  const acl = acls.find((known) => known === value);
  if (acl === undefined) throw invalidArgument("x-oss-object-acl", value);
  return acl;
}

function encryptionOf(headers: Headers): Record<string, string> {
  const algorithm = headers["x-oss-server-side-encryption"];
  const keyId = headers["x-oss-server-side-encryption-key-id"];
  const data = headers["x-oss-server-side-data-encryption"];
  const wrong: OssErrorDetails = { extras: { ServerSideEncryptionAlgorithm: algorithm ?? data ?? "" } };
  if (algorithm !== undefined && !["AES256", "KMS", "SM4"].includes(algorithm)) {
    throw refusal("InvalidEncryptionAlgorithmError", wrong);
  }
  if (data !== undefined && data !== "SM4") throw refusal("InvalidEncryptionAlgorithmError", wrong);
  if (keyId !== undefined && algorithm !== "KMS") throw invalidArgument("x-oss-server-side-encryption-key-id", keyId);
  return {
    ...(algorithm === undefined ? {} : { "x-oss-server-side-encryption": algorithm }),
    ...(keyId === undefined ? {} : { "x-oss-server-side-encryption-key-id": keyId }),
    ...(data === undefined ? {} : { "x-oss-server-side-data-encryption": data }),
  };
}

function decodeTag(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw invalidArgument("x-oss-tagging", text, `Tag is not URL-encoded: ${(cause as Error).message}.`);
  }
}

function taggingOf(headers: Headers): string {
  const text = headers["x-oss-tagging"] ?? "";
  const tags = text.split("&").filter((tag) => tag !== "");
  if (tags.length > 10) throw invalidArgument("x-oss-tagging", text, "Object tags cannot be greater than 10.");
  const keys = tags.map((tag) => {
    const [key = "", ...value] = tag.split("=").map(decodeTag);
    if (key === "" || key.length > 128 || value.join("=").length > 256) {
      throw invalidArgument("x-oss-tagging", tag, "The tag key or value you specified is not valid.");
    }
    return key;
  });
  if (new Set(keys).size < keys.length) throw invalidArgument("x-oss-tagging", text, "Tag keys must be unique.");
  return text;
}

/** @throws OssError `InvalidArgument`, `InvalidEncryptionAlgorithmError` */
export function objectTraits(headers: Headers): ObjectTraits {
  return {
    headers: storedHeaders(headers),
    storageClass: storageClassOf(headers),
    acl: aclOf(headers),
    tagging: taggingOf(headers),
    encryption: encryptionOf(headers),
  };
}

/** @throws OssError `InvalidArgument` */
export function forbidsOverwrite(headers: Headers): boolean {
  const value = headers["x-oss-forbid-overwrite"];
  if (value === undefined || /^(true|false)$/i.test(value)) return value?.toLowerCase() === "true";
  throw invalidArgument("x-oss-forbid-overwrite", value);
}

/** The headers with an object's digests. */
export function digestHeaders(object: Pick<StoredObject, "etag" | "crc64" | "md5">): Record<string, string> {
  return {
    ETag: `"${object.etag}"`,
    ...(object.crc64 === undefined ? {} : { "x-oss-hash-crc64ecma": object.crc64 }),
    ...(object.md5 === undefined ? {} : { "Content-MD5": object.md5 }),
  };
}
