/** Workers without threads or network. They digest with Node's own MD5, which is an independent oracle. */

import { createHash } from "node:crypto";
import { crc64 } from "../../src/crc64-ecma.js";
import { UploadError } from "../../src/errors.js";
import type { ByteWorkers } from "../../src/workers/byte-workers.js";
import { bytesOf } from "./memory-file.js";

export function memoryWorkers(): ByteWorkers {
  return {
    async digest(blob, wanted, { signal }) {
      signal.throwIfAborted();
      const bytes = await bytesOf(blob);
      signal.throwIfAborted();
      return {
        md5: wanted.md5 ? Uint8Array.from(createHash("md5").update(bytes).digest()) : undefined,
        crc64: wanted.crc64 ? crc64(bytes) : undefined,
        size: bytes.length,
      };
    },
    async digestFour([a, b, c, d], ...rest) {
      return [
        await this.digest(a, ...rest),
        await this.digest(b, ...rest),
        await this.digest(c, ...rest),
        await this.digest(d, ...rest),
      ];
    },
    send: async () => {
      throw new UploadError("worker", "These workers have no network");
    },
    parseXml: async () => undefined,
    warm: () => undefined,
    close: () => undefined,
  };
}
