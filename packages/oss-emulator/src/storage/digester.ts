/** Computes MD5 (by Node's crypto) and CRC-64 (by hash-wasm) of a stream of bytes. */
import { createHash } from "node:crypto";
import { createCRC64 } from "hash-wasm";

type Crc64 = Awaited<ReturnType<typeof createCRC64>>;

// Kept for the next digest, because each hasher has a WebAssembly memory of its own.
const idle: Crc64[] = [];

export interface Digests {
  readonly md5: Buffer;
  /** Unsigned decimal. */
  readonly crc64: string;
}

export interface Digester {
  update(bytes: Buffer): void;
  /** Ends the digester. Call it once. */
  digest(): Digests;
}

export async function createDigester(): Promise<Digester> {
  const md5 = createHash("md5");
  const crc64 = idle.pop() ?? (await createCRC64());
  crc64.init();
  return {
    update(bytes) {
      md5.update(bytes);
      crc64.update(bytes);
    },
    digest() {
      const crc = BigInt(`0x${crc64.digest()}`).toString();
      idle.push(crc64);
      return { md5: md5.digest(), crc64: crc };
    },
  };
}
