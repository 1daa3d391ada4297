/** Shows what is stored to tests and to the control API, without a request to the service. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Emulator, ObjectInfo } from "./emulator.js";
import type { Bucket } from "./service.js";
import type { StoredObject } from "./storage/records.js";

const metaPrefix = "x-oss-meta-";

function describe(object: StoredObject): ObjectInfo {
  const { key, size, etag, crc64, md5, type, lastModified, storageClass, acl, tagging, encryption, uploadId } = object;
  const entries = Object.entries(object.headers);
  const metadata = entries
    .filter(([name]) => name.startsWith(metaPrefix))
    .map(([name, value]) => [name.slice(metaPrefix.length), value]);
  return {
    key,
    size,
    etag,
    crc64,
    md5,
    type,
    lastModified,
    headers: Object.fromEntries(entries.filter(([name]) => !name.startsWith(metaPrefix))),
    metadata: Object.fromEntries(metadata),
    storageClass,
    acl,
    tagging,
    encryption,
    uploadId,
    partCount: object.bodies.length,
  };
}

/** The methods of `Emulator` that show what is stored. */
export function inspector(
  buckets: ReadonlyMap<string, Bucket>,
): Pick<Emulator, "object" | "objects" | "readObject" | "sha256" | "uploads" | "parts"> {
  const storeOf = (name: string): Bucket["store"] => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new Error(`there is no bucket "${name}"`);
    return bucket.store;
  };
  const readObject = (name: string, key: string): Readable => {
    const store = storeOf(name);
    const object = store.object(key);
    if (object === undefined) throw new Error(`there is no object "${key}" in bucket "${name}"`);
    return store.bodies.read(object.bodies, { start: 0, end: object.size });
  };
  return {
    object: (name, key) => {
      const object = storeOf(name).object(key);
      return object === undefined ? undefined : describe(object);
    },
    objects: (name) => storeOf(name).objects().map(describe),
    readObject,
    sha256: async (name, key) => {
      const hash = createHash("sha256");
      for await (const bytes of readObject(name, key)) hash.update(bytes as Buffer);
      return hash.digest("hex");
    },
    uploads: (name) =>
      storeOf(name)
        .uploads()
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.initiated - b.initiated))
        .map(({ key, uploadId, initiated, parts }) => {
          const storedBytes = [...parts.values()].reduce((sum, { size }) => sum + size, 0);
          return { key, uploadId, initiated, partCount: parts.size, storedBytes };
        }),
    parts: (name, uploadId) =>
      [...(storeOf(name).upload(uploadId)?.parts.values() ?? [])]
        .sort((a, b) => a.partNumber - b.partNumber)
        .map(({ partNumber, size, etag, crc64, lastModified }) => ({ partNumber, size, etag, crc64, lastModified })),
  };
}
