/** Appends pieces to a file in large batches, one of which the disk takes while the next is gathered. */
import { type FileHandle, open } from "node:fs/promises";

// A write of the 64 KiB that a socket gives costs as much in handing it over as in writing it.
const batchBytes = 1024 ** 2;

async function writeBatch(file: FileHandle, batch: readonly Buffer[]): Promise<void> {
  let rest = batch;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    let skip = bytesWritten;
    // The system may take less than it was given.
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

  /** Waits for the batch before, whose failure it throws. */
  async #startBatch(): Promise<void> {
    const batch = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    await this.#writing;
    this.#writing = writeBatch(this.#file, batch);
    // Nobody may wait for this one before the next piece comes: its failure is thrown then.
    this.#writing.catch(() => undefined);
  }

  async finish(): Promise<void> {
    await this.#startBatch();
    await this.#writing;
    await this.#file.close();
  }

  /** Gives the file up as it is. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file.close();
  }
}
