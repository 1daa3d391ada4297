/** Appends pieces to a file in large batches: one is written while the next is gathered. */
import { type FileHandle, open } from "node:fs/promises";

// A socket gives pieces of 64 KiB. To write each alone takes as long for the call as for the bytes.
const batchBytes = 1024 ** 2;

async function writeBatch(file: FileHandle, batch: readonly Buffer[]): Promise<void> {
  let rest = batch;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    let skip = bytesWritten;
    // The system may write fewer bytes than it was given.
    rest = rest.flatMap((bytes) => {
      const left = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - left.length;
      return left.length === 0 ? [] : [left];
    });
  }
}

export class FileWriter {
  readonly #file: FileHandle;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, "wx"));
  }

  async write(bytes: Buffer): Promise<void> {
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= batchBytes) await this.#startBatch();
  }

  /** Waits for the batch before, and throws its failure. */
  async #startBatch(): Promise<void> {
    const batch = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    await this.#writing;
    this.#writing = writeBatch(this.#file, batch);
    // The next batch, or the end, throws a failure of this one. Until then nothing waits for it.
    this.#writing.catch(() => undefined);
  }

  /** Writes the rest and closes the file. */
  async finish(): Promise<void> {
    await this.#startBatch();
    await this.#writing;
    await this.#file.close();
  }

  /** Closes the file without writing the rest. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file.close();
  }
}
