/** Files whose bytes can be had without waiting: a crash test that reads thousands of slices awaits microtasks alone. */

const known = new WeakMap<Blob, Uint8Array<ArrayBuffer>>();

/** A Blob that remembers its bytes, as do its slices. */
export class MemoryBlob extends Blob {
  constructor(bytes: Uint8Array<ArrayBuffer>, type = "") {
    super([bytes], { type });
    known.set(this, bytes);
  }

  override slice(start?: number, end?: number, type = ""): Blob {
    return sliceOf(this, start, end, type);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return Uint8Array.from(known.get(this) ?? []).buffer;
  }
}

/** A File that remembers its bytes, as do its slices. */
export class MemoryFile extends File {
  constructor(bytes: Uint8Array<ArrayBuffer>, name = "file.bin", options: FilePropertyBag = { lastModified: 1 }) {
    super([bytes], name, options);
    known.set(this, bytes);
  }

  override slice(start?: number, end?: number, type = ""): Blob {
    return sliceOf(this, start, end, type);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return Uint8Array.from(known.get(this) ?? []).buffer;
  }
}

/** The bytes of any Blob; at once for those of this file. */
export function bytesOf(blob: Blob): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  return known.get(blob) ?? blob.arrayBuffer().then((buffer) => new Uint8Array(buffer));
}

/** Bytes that look random and are the same for the same seed, on every machine. */
export function seededBytes(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = (seed * 0x9e3779b9) | 1;
  for (let index = 0; index < size; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return bytes;
}

function sliceOf(blob: Blob, start: number | undefined, end: number | undefined, type: string): Blob {
  return new MemoryBlob((known.get(blob) ?? new Uint8Array()).subarray(start, end), type);
}
