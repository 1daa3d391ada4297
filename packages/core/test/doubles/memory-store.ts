/**
 * The second implementation of `ObjectStore`: a page's connection to a `MemoryServer`. It has no timers: see `memoryCall` for how long a
 * request takes.
 */
import { isUploadError, UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { fixedOptions } from "../../src/upload/target.js";
import { holds, matches } from "./memory-names.js";
import { head, isAsAskedFor, putObject } from "./memory-objects.js";
import { memoryProbe } from "./memory-probe.js";
import type { MemoryServer } from "./memory-server.js";
import { abort, complete, initiate, listParts, putPart } from "./memory-uploads.js";

export { MemoryServer, type MemoryServerOptions } from "./memory-server.js";

/** @returns a plain object with methods of its own, because layers and tests spread it */
export function memoryStore(server: MemoryServer): ObjectStore {
  const ofServer =
    <Given extends unknown[], Result>(method: (server: MemoryServer, ...given: Given) => Result) =>
    (...given: Given) =>
      method(server, ...given);
  return {
    location: `memory://${server.bucket}`,
    bucket: server.bucket,
    limits: { minPartSize: server.minPartSize, maxPartSize: 2 ** 32, maxParts: server.maxParts, maxPutSize: 2 ** 32 },
    hints: { nothingProves: "Show the ETag and the CRC-64.", crc64Hidden: "Show the CRC-64." },
    digests: (integrity) => ({ md5: integrity === "md5+crc64", crc64: integrity !== "none" }),
    fixed: fixedOptions,
    urlOf: (key) => `memory://${server.bucket}/${key}`,
    check: ({ key }) => {
      if (key === "") throw new UploadError("invalid-option", "key is empty");
    },
    // The server's clock counts calls: the next call that stores something is at least one later.
    moment: () => {
      const next = server.nowMs + 1;
      return () => (server.shows.date ? next : undefined);
    },
    putObject: ofServer(putObject),
    initiate: ofServer(initiate),
    putPart: ofServer(putPart),
    listParts: ofServer(listParts),
    complete: ofServer(complete),
    abort: ofServer(abort),
    head: ofServer(head),
    probe: (key, options) => memoryProbe(memoryStore(server), key, options),
    matches,
    holds,
    isAsAskedFor: ofServer(isAsAskedFor),
    rejectsParts: (error) =>
      isUploadError(error) &&
      error.action === "CompleteMultipartUpload" &&
      ["InvalidPart", "InvalidPartOrder", "EntityTooSmall"].includes(error.serverCode ?? ""),
  };
}
