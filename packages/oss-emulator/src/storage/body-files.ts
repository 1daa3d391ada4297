/** The files of bytes, one for each PutObject or part. A file that is being read is removed after its last reader has ended. */
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { openDirectory } from "./atomic-file.js";
import { FileWriter } from "./file-writer.js";
import type { BodyRef } from "./records.js";

/** Takes the bytes of one body in order. The caller ends it by `finish` or `discard`. */
export interface BodyWriter {
  readonly id: string;
  /** True: the bytes are thrown away. */
  readonly isSink: boolean;
  /** Resolves when the writer can take more. It holds at most a few MiB that are not on disk yet. */
  write(bytes: Buffer): Promise<void>;
  /** Resolves once the operating system has all bytes. */
  finish(): Promise<void>;
  /** Removes the file. */
  discard(): Promise<void>;
}

/** From byte `start` to before byte `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export class BodyFiles {
  readonly #directory: string;
  readonly #isSink: boolean;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();
  readonly #removals = new Set<Promise<void>>();

  private constructor(directory: string, isSink: boolean) {
    this.#directory = directory;
    this.#isSink = isSink;
  }

  /** @param isSink whether bytes are thrown away @returns also the ids of the bodies on disk */
  static async open(directory: string, isSink: boolean): Promise<{ bodies: BodyFiles; ids: string[] }> {
    const ids = await openDirectory(directory, (name) => /^[0-9a-f-]{36}$/.test(name));
    return { bodies: new BodyFiles(directory, isSink), ids };
  }

  async create(): Promise<BodyWriter> {
    const id = randomUUID();
    if (this.#isSink) {
      const nothing = async (): Promise<void> => {};
      return { id, isSink: true, write: nothing, finish: nothing, discard: nothing };
    }
    const path = join(this.#directory, id);
    const file = await FileWriter.create(path);
    return {
      id,
      isSink: false,
      write: (bytes) => file.write(bytes),
      finish: () => file.finish(),
      discard: async () => {
        await file.close();
        await rm(path, { force: true });
      },
    };
  }

  /** Removes bodies, each as soon as it has no reader. */
  remove(bodies: readonly Pick<BodyRef, "id">[]): void {
    if (this.#isSink) return;
    for (const { id } of bodies) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else this.#unlink(id);
    }
  }

  #unlink(id: string): void {
    this.#doomed.delete(id);
    const removal = rm(join(this.#directory, id), { force: true }).finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Streams a range of the concatenation of `bodies`. A sink gives zeros. */
  read(bodies: readonly BodyRef[], range: ByteRange): Readable {
    // Counts as a reader of all of them from now on: a DELETE before the later ones are opened must not remove them.
    for (const { id } of bodies) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    const stream = Readable.from(this.#bytes(bodies, range), { objectMode: false, highWaterMark: 1 << 18 });
    stream.once("close", () => {
      for (const { id } of bodies) this.#release(id);
    });
    return stream;
  }

  #release(id: string): void {
    const others = (this.#readers.get(id) ?? 1) - 1;
    if (others > 0) {
      this.#readers.set(id, others);
      return;
    }
    this.#readers.delete(id);
    if (this.#doomed.has(id)) this.#unlink(id);
  }

  async *#bytes(bodies: readonly BodyRef[], range: ByteRange): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const { id, size } of bodies) {
      const start = Math.max(range.start - offset, 0);
      const end = Math.min(range.end - offset, size);
      offset += size;
      if (start < end) yield* this.#isSink ? zeros(end - start) : this.#file(id, start, end);
    }
  }

  async *#file(id: string, start: number, end: number): AsyncGenerator<Buffer> {
    const path = join(this.#directory, id);
    for await (const bytes of createReadStream(path, { start, end: end - 1, highWaterMark: 1 << 18 })) {
      yield bytes as Buffer;
    }
  }

  /** Resolves when every removal that has begun has ended. */
  async removalsDone(): Promise<void> {
    while (this.#removals.size > 0) await Promise.all(this.#removals);
  }
}

function* zeros(count: number): Generator<Buffer> {
  const block = Buffer.alloc(Math.min(count, 1 << 18));
  for (let rest = count; rest > 0; rest -= block.length) yield block.subarray(0, Math.min(rest, block.length));
}
