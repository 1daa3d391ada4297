/**
 * Computes MD5 and CRC-64 in one pass of WebAssembly. Measured: both at 560 MB/s, CRC-64 alone at 1,600 MB/s (hash-wasm: 360 and
 * 1,100).
 */
import type { DigestKinds } from "../contract.js";
import { writeTables } from "./crc64-lookups.js";
import type { Hasher } from "./hasher.js";
import { assembleKernel, blockSize, layout } from "./kernel.js";
import { md5Start } from "./md5-rounds.js";

type Routine = (from: number, to: number) => void;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly both: Routine;
  readonly crc64: Routine;
  readonly crc64OfBytes: Routine;
}

/** The state of both digests after a number of whole blocks. */
export interface HashState {
  readonly md5: readonly [number, number, number, number];
  /** The complement of the CRC-64. */
  readonly crc64: bigint;
  /** Bytes hashed so far. */
  readonly size: number;
}

export interface WasmHasher extends Hasher {
  /** Continues a message that another hasher began. */
  goOn(wanted: DigestKinds, state: HashState): void;
}

export const startState: HashState = { md5: md5Start, crc64: 2n ** 64n - 1n, size: 0 };

/** @throws the browser's error if a Content-Security-Policy has no 'wasm-unsafe-eval' */
export async function compileWasmHasher(): Promise<() => WasmHasher> {
  const module = await WebAssembly.compile(assembleKernel());
  return () => {
    const kernel = new WebAssembly.Instance(module).exports as unknown as Kernel;
    const memory = new DataView(kernel.memory.buffer);
    writeTables(memory);
    return createHasher(kernel, memory);
  };
}

/** Gathers bytes in the kernel's memory, and runs the kernel whenever the memory is full. */
function createHasher(kernel: Kernel, memory: DataView): WasmHasher {
  const { bytes, end } = layout;
  const room = new Uint8Array(memory.buffer, bytes, end - bytes);
  let wanted: DigestKinds = { md5: false, crc64: false };
  let filled = 0;
  let size = 0;

  function hashBlocks(to: number): void {
    if (wanted.md5) kernel.both(bytes, to);
    else if (wanted.crc64) kernel.crc64(bytes, to);
  }

  function goOn(kinds: DigestKinds, state: HashState): void {
    wanted = kinds;
    filled = 0;
    size = state.size;
    for (const [i, word] of state.md5.entries()) memory.setUint32(layout.md5 + 4 * i, word, true);
    memory.setBigUint64(layout.crc64, state.crc64, true);
  }

  return {
    goOn,
    reset: (kinds) => goOn(kinds, startState),
    update(piece) {
      size += piece.length;
      for (let taken = 0; taken < piece.length; ) {
        const next = piece.subarray(taken, taken + room.length - filled);
        room.set(next, filled);
        taken += next.length;
        filled += next.length;
        if (filled < room.length) return;
        hashBlocks(end);
        filled = 0;
      }
    },
    finish() {
      const rest = filled % blockSize;
      const whole = filled - rest;
      hashBlocks(bytes + whole);
      // First, because finishing the MD5 overwrites the CRC-64 in memory.
      const crc64 = wanted.crc64 ? finishCrc64(kernel, memory, bytes + whole, bytes + filled) : undefined;
      const md5 = wanted.md5 ? finishMd5(kernel, room.slice(whole, filled), size) : undefined;
      return { md5, crc64, size };
    },
  };
}

/** Hashes the bytes after the last whole block, from one address to the other. */
function finishCrc64(kernel: Kernel, memory: DataView, from: number, to: number): bigint {
  kernel.crc64OfBytes(from, to);
  return BigInt.asUintN(64, ~memory.getBigUint64(layout.crc64, true));
}

/** Hashes the bytes after the last whole block, and the padding. Overwrites the CRC-64 in the kernel's memory. */
function finishMd5(kernel: Kernel, rest: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const padded = [...rest, ...md5Padding(size)];
  new Uint8Array(kernel.memory.buffer, layout.bytes).set(padded);
  kernel.both(layout.bytes, layout.bytes + padded.length);
  return new Uint8Array(kernel.memory.buffer.slice(layout.md5, layout.md5 + 16));
}

/** The padding after a message of `size` bytes: a bit, zeros, and the number of bits, up to the end of a block. RFC 1321, section 3.1. */
export function md5Padding(size: number): Uint8Array<ArrayBuffer> {
  const padding = new Uint8Array(72 - ((size + 8) % blockSize));
  padding[0] = 0x80;
  new DataView(padding.buffer).setBigUint64(padding.length - 8, BigInt.asUintN(64, BigInt(size) * 8n), true);
  return padding;
}
