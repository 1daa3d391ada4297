/** MD5 and CRC-64 of four messages of the same length at once, where WebAssembly has vectors. */
import type { Digest, DigestKinds, Four } from "../contract.js";
import { writeTables } from "./crc64-lookups.js";
import { blockSize } from "./kernel.js";
import { assembleKernelOfFour, layout, messages } from "./kernel-of-four.js";
import { startState, type WasmHasher } from "./wasm.js";

export interface HasherOfFour {
  /** Begins anew; may be left half-way. */
  reset(wanted: DigestKinds): void;
  /** All as long as each other. After pieces that do not end with a block nothing may follow. */
  update(pieces: Four<Uint8Array<ArrayBuffer>>): void;
  finish(): Four<Digest>;
}

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly both: (from: number, to: number) => void;
  readonly crc64: (from: number, to: number) => void;
}

/**
 * @param createHasher makes what takes the bytes that are left when the blocks are over
 * @throws where WebAssembly may not be compiled, or has no vectors
 */
export async function compileHasherOfFour(createHasher: () => WasmHasher): Promise<() => HasherOfFour> {
  const module = await WebAssembly.compile(assembleKernelOfFour());
  return () => createHasherOfFour(new WebAssembly.Instance(module).exports as unknown as Kernel, createHasher());
}

function createHasherOfFour(kernel: Kernel, last: WasmHasher): HasherOfFour {
  const memory = new DataView(kernel.memory.buffer);
  const rooms = four((message) => new Uint8Array(memory.buffer, layout.bytes + message * layout.room, layout.room));
  let wanted: DigestKinds = { md5: false, crc64: false };
  let size = 0;
  let rests: Four<Uint8Array<ArrayBuffer>>;
  writeTables(memory);

  return {
    reset(kinds) {
      wanted = kinds;
      size = 0;
      rests = four(() => new Uint8Array());
      for (const message of messages) {
        for (const [i, word] of startState.md5.entries()) memory.setUint32(md5Word(message, i), word, true);
        memory.setBigUint64(layout.crc64 + 8 * message, startState.crc64, true);
      }
    },
    update(pieces) {
      const whole = pieces[0].length - (pieces[0].length % blockSize);
      for (let done = 0; done < whole; done += layout.room) {
        const end = Math.min(done + layout.room, whole);
        for (const message of messages) rooms[message].set(pieces[message].subarray(done, end));
        kernel[wanted.md5 ? "both" : "crc64"](layout.bytes, layout.bytes + end - done);
      }
      size += whole;
      // Their owner may overwrite them.
      rests = four((message) => pieces[message].slice(whole));
    },
    finish: () =>
      four((message) => {
        const word = (i: number) => memory.getUint32(md5Word(message, i), true);
        const crc64 = memory.getBigUint64(layout.crc64 + 8 * message, true);
        last.goOn(wanted, { md5: [word(0), word(1), word(2), word(3)], crc64, size });
        last.update(rests[message]);
        return last.finish();
      }),
  };
}

const md5Word = (message: number, i: number) => layout.md5 + 16 * i + 4 * message;

export function four<T>(make: (message: (typeof messages)[number]) => T): Four<T> {
  return [make(0), make(1), make(2), make(3)];
}
