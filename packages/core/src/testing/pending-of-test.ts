/** An upload that an earlier page has left, as a test says it. It refuses what the real one refuses, but reads no file. */
import type { FakePendingUpload } from "../api/testing.js";
import type { Upload, UploadOptions, UploadSource } from "../api/upload.js";
import type { PendingUpload } from "../api/uploader.js";
import { UploadError } from "../errors.js";
import { fileChanged, lacksCallback, lacksFile, locked } from "../run/checkpoints/pending-refused.js";
import { Memory } from "../upload/memory.js";
import { fileInfo } from "../upload/source.js";
import { fakeFile } from "./fake-file.js";
import type { UploadOfTest } from "./upload-of-test.js";

interface PageOfTest {
  /** Begins an upload, or finds the one that the source is in. @throws UploadError for options that can never work, or after close() */
  readonly begin: (memory: Memory, options: UploadOptions) => UploadOfTest;
  readonly discarded: () => void;
}

/** When the first page of a test began: a time that is the same in every run. */
const firstOfJanuary = Date.UTC(2026, 0, 1);

export class PendingOfTest {
  readonly entry: PendingUpload;
  readonly #page: PageOfTest;
  readonly #refuses: FakePendingUpload["refuses"];
  /** Stands for the file that its handle would give. */
  readonly #file: File;
  #upload: UploadOfTest | undefined;

  /** @param number of this entry, from 1: names it, and is its place in the order */
  constructor(given: FakePendingUpload, number: number, page: PageOfTest) {
    const { file, refuses, fraction = 0.5, ...said } = given;
    this.#page = page;
    this.#refuses = refuses;
    this.#file = fakeFile(file);
    const { name, size, type, lastModified } = this.#file;
    this.entry = {
      id: `fake-pending-${number}`,
      key: name,
      storedBytes: Math.round(size * fraction),
      createdAt: firstOfJanuary + number,
      updatedAt: firstOfJanuary + number,
      appData: undefined,
      needs: said.result ? "nothing" : "file",
      needsCallback: false,
      active: false,
      paused: false,
      ...said,
      file: { name, size, type, lastModified },
      fraction,
      resume: async (source, options) => this.#resume(source, options ?? {}),
      discard: async () => this.#discard(),
    };
  }

  /** This page goes on with it, or has ended it: then it is not pending. */
  isTakenUp(uploads: readonly Upload[]): boolean {
    const upload = this.#upload;
    if (upload === undefined) return false;
    return uploads.includes(upload as Upload) || ["completed", "cancelled"].includes(upload.state.phase);
  }

  #resume(given: UploadSource | undefined, said: NonNullable<Parameters<PendingUpload["resume"]>[1]>): Upload {
    const { key, file, needs, needsCallback, active, appData, storedBytes, fraction, result } = this.entry;
    if (needsCallback && said.callback === undefined) throw lacksCallback(key);
    if (active) throw locked(key);
    if (given === undefined && needs === "file") throw lacksFile(key, file.name);
    if (this.#refuses !== undefined)
      throw new UploadError(this.#refuses, `"${key}" was not resumed: the test refuses it`);
    if (result !== undefined) {
      this.#upload = this.#page.begin(new Memory(this.#file), { key, appData });
      this.#upload.complete(result);
      return this.#upload;
    }
    const source = given ?? this.#file;
    if ((fileInfo(source)?.size ?? file.size) !== file.size) throw fileChanged(file.name);
    const memory = new Memory(source);
    memory.shown = fraction;
    this.#upload = this.#page.begin(memory, { key, appData, ...said });
    this.#upload.goesOnWith(storedBytes);
    return this.#upload;
  }

  #discard(): void {
    if (this.entry.active) throw locked(this.entry.key);
    this.#page.discarded();
  }
}
