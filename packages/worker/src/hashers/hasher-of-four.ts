/** Hashes four messages of the same length at once (MD5 and CRC-64), in browsers whose WebAssembly has vectors. */
import type { Digest, DigestKinds, Four } from "../contract.js";
import { writeTables } from "./crc64-lookups.js";
import { blockSize } from "./kernel.js";
import { assembleKernelOfFour, layoutOfFour, messages } from "./kernel-of-four.js";
import { startState, type WasmHasher } from "./wasm.js";

export interface HasherOfFour {
  /** Begins four new messages. May be called before `finish`. */
  reset(wanted: DigestKinds): void;
  /** Takes four pieces of the same length, a multiple of 64 bytes. Only the last pieces of a message may have any length. */
  update(pieces: Four<Uint8Array<ArrayBuffer>>): void;
  finish(): Four<Digest>;
}

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly both: (from: number, to: number) => void;
  readonly crc64: (from: number, to: number) => void;
}

/**
 * @param createHasher makes the hasher that takes the bytes after each message's last whole block
 * @throws if WebAssembly must not be compiled here, or has no vectors
 */
export async function compileHasherOfFour(createHasher: () => WasmHasher): Promise<() => HasherOfFour> {
  const module = await WebAssembly.compile(assembleKernelOfFour());
  return () => createHasherOfFour(new WebAssembly.Instance(module).exports as unknown as Kernel, createHasher());
}

function createHasherOfFour(kernel: Kernel, last: WasmHasher): HasherOfFour {
  const memory = new DataView(kernel.memory.buffer);
  const rooms = fourOf(
    (message) => new Uint8Array(memory.buffer, layoutOfFour.bytes + message * layoutOfFour.room, layoutOfFour.room),
  );
  let wanted: DigestKinds = { md5: false, crc64: false };
  let size = 0;
  let rests: Four<Uint8Array<ArrayBuffer>>;
  writeTables(memory);

  return {
    reset(kinds) {
      wanted = kinds;
      size = 0;
      rests = fourOf(() => new Uint8Array());
      for (const message of messages) {
        for (const [i, word] of startState.md5.entries()) memory.setUint32(md5Word(message, i), word, true);
        memory.setBigUint64(layoutOfFour.crc64 + 8 * message, startState.crc64, true);
      }
    },
    update(pieces) {
      const whole = pieces[0].length - (pieces[0].length % blockSize);
      for (let done = 0; done < whole; done += layoutOfFour.room) {
        const end = Math.min(done + layoutOfFour.room, whole);
        for (const message of messages) rooms[message].set(pieces[message].subarray(done, end));
        kernel[wanted.md5 ? "both" : "crc64"](layoutOfFour.bytes, layoutOfFour.bytes + end - done);
      }
      size += whole;
      // Copied, because the caller may overwrite the pieces.
      rests = fourOf((message) => pieces[message].slice(whole));
    },
    finish: () =>
      fourOf((message) => {
        const word = (i: number) => memory.getUint32(md5Word(message, i), true);
        const crc64 = memory.getBigUint64(layoutOfFour.crc64 + 8 * message, true);
        last.goOn(wanted, { md5: [word(0), word(1), word(2), word(3)], crc64, size });
        last.update(rests[message]);
        return last.finish();
      }),
  };
}

const md5Word = (message: number, i: number) => layoutOfFour.md5 + 16 * i + 4 * message;

export function fourOf<T>(make: (message: (typeof messages)[number]) => T): Four<T> {
  return [make(0), make(1), make(2), make(3)];
}
