/**
 * A bucket on disk: one manifest for each object, one journal for each upload, one file for each body. All but the bodies is also in
 * memory. The disk is written first, so that the next emulator finds all that was answered.
 */
import { createHash } from "node:crypto";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { openDirectory, writeAtomically } from "./atomic-file.js";
import { BodyFiles } from "./body-files.js";
import { KeyedLock } from "./keyed-lock.js";
import {
  type BodyRef,
  parseJournal,
  parseObject,
  type StoredObject,
  type StoredPart,
  type StoredUpload,
  type UploadRecord,
} from "./records.js";

interface Upload extends UploadRecord {
  readonly parts: Map<number, StoredPart>;
}

// A hash, so that a key of any length and alphabet gives a valid file name.
function manifestName(key: string): string {
  return `${createHash("sha256").update(key).digest("hex")}.json`;
}

/** @throws Error that names the damaged file, and says what is lost if it is deleted */
async function readRecord<T>(path: string, of: "object" | "upload", parse: (text: string) => T): Promise<T> {
  try {
    return parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new Error(`${path} is damaged (${reason}): delete it to start without the ${of} that it describes`, {
      cause,
    });
  }
}

export class BucketStore {
  readonly bodies: BodyFiles;
  readonly #objectsPath: string;
  readonly #uploadsPath: string;
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, Upload>();
  readonly #locks = new KeyedLock();

  private constructor(path: string, bodies: BodyFiles) {
    this.#objectsPath = join(path, "objects");
    this.#uploadsPath = join(path, "uploads");
    this.bodies = bodies;
  }

  /** Reads the records of earlier emulators, and removes what they left unfinished. */
  static async open(path: string, isSink: boolean): Promise<BucketStore> {
    const { bodies, ids } = await BodyFiles.open(join(path, "bodies"), isSink);
    const store = new BucketStore(path, bodies);
    await store.#load();
    const known = new Set(store.#knownBodies().map(({ id }) => id));
    bodies.remove(ids.filter((id) => !known.has(id)).map((id) => ({ id })));
    return store;
  }

  async #load(): Promise<void> {
    for (const name of await openDirectory(this.#objectsPath, (name) => name.endsWith(".json"))) {
      const object = await readRecord(join(this.#objectsPath, name), "object", parseObject);
      this.#objects.set(object.key, object);
    }
    // If the object of an upload is there, the upload was completed, and the emulator ended before it removed the journal.
    const completed = new Set([...this.#objects.values()].map(({ uploadId }) => uploadId));
    for (const name of await openDirectory(this.#uploadsPath, (name) => name.endsWith(".jsonl"))) {
      const path = join(this.#uploadsPath, name);
      const journal = await readRecord(path, "upload", parseJournal);
      if (journal === undefined || completed.has(journal.upload.uploadId)) {
        await rm(path, { force: true });
        continue;
      }
      const parts = new Map(journal.parts.map((part) => [part.partNumber, part]));
      const upload: Upload = { ...journal.upload, parts };
      this.#uploads.set(upload.uploadId, upload);
      if (journal.isTorn) await this.#writeJournal(upload);
    }
  }

  #knownBodies(): BodyRef[] {
    const ofParts = [...this.#uploads.values()].flatMap(({ parts }) => [...parts.values()].map(({ body }) => body));
    return [...ofParts, ...[...this.#objects.values()].flatMap(({ bodies }) => bodies)];
  }

  #journalPath(uploadId: string): string {
    return join(this.#uploadsPath, `${uploadId}.jsonl`);
  }

  async #writeJournal({ parts, ...record }: Upload): Promise<void> {
    const lines = [record, ...parts.values()].map((line) => `${JSON.stringify(line)}\n`);
    await writeAtomically(this.#journalPath(record.uploadId), lines.join(""));
  }

  object(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  objects(): StoredObject[] {
    return [...this.#objects.values()];
  }

  /** @returns undefined if there is no such upload, or if it is one of another key */
  upload(uploadId: string, key?: string): StoredUpload | undefined {
    const upload = this.#uploads.get(uploadId);
    return key === undefined || upload?.key === key ? upload : undefined;
  }

  uploads(): StoredUpload[] {
    return [...this.#uploads.values()];
  }

  /**
   * Runs changes of one object, or of one upload, one after the other, so that what `change` has checked is still true when it writes.
   * To avoid a deadlock, call `alone("object")` outside of `alone("upload")`.
   */
  alone<T>(kind: "object" | "upload", name: string, change: () => Promise<T>): Promise<T> {
    return this.#locks.run(`${kind} ${name}`, change);
  }

  /** Call it in `alone("object")`. Replaces an object of the same key, whose bytes are removed when they have no reader. */
  async putObject(object: StoredObject): Promise<void> {
    const previous = this.#objects.get(object.key);
    await writeAtomically(join(this.#objectsPath, manifestName(object.key)), JSON.stringify(object));
    this.#objects.set(object.key, object);
    if (previous !== undefined) this.bodies.remove(previous.bodies);
  }

  async deleteObject(key: string): Promise<void> {
    await this.alone("object", key, async () => {
      const object = this.#objects.get(key);
      if (object === undefined) return;
      await rm(join(this.#objectsPath, manifestName(key)), { force: true });
      this.#objects.delete(key);
      this.bodies.remove(object.bodies);
    });
  }

  async createUpload(record: UploadRecord): Promise<void> {
    const upload: Upload = { ...record, parts: new Map() };
    await this.#writeJournal(upload);
    this.#uploads.set(record.uploadId, upload);
  }

  /** Call it in `alone("upload")`. @returns false, and removes the body, if the upload was completed or aborted meanwhile */
  async storePart(uploadId: string, part: StoredPart): Promise<boolean> {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) {
      this.bodies.remove([part.body]);
      return false;
    }
    await appendFile(this.#journalPath(uploadId), `${JSON.stringify(part)}\n`);
    const previous = upload.parts.get(part.partNumber);
    upload.parts.set(part.partNumber, part);
    if (previous !== undefined) this.bodies.remove([previous.body]);
    return true;
  }

  /** Call it in `alone("upload")`. Removes an upload, and its parts but for the bodies whose ids are in `keep`. */
  async #removeUpload(upload: Upload, keep: ReadonlySet<string>): Promise<void> {
    await rm(this.#journalPath(upload.uploadId), { force: true });
    this.#uploads.delete(upload.uploadId);
    this.bodies.remove([...upload.parts.values()].map(({ body }) => body).filter(({ id }) => !keep.has(id)));
  }

  /** Removes an upload and its parts. @returns false if there is no such upload */
  abortUpload(uploadId: string): Promise<boolean> {
    return this.alone("upload", uploadId, async () => {
      const upload = this.#uploads.get(uploadId);
      if (upload === undefined) return false;
      await this.#removeUpload(upload, new Set());
      return true;
    });
  }

  /** Call it in `alone` of both. No bytes are copied: the object's manifest names the files of its parts. */
  async completeUpload(uploadId: string, object: StoredObject): Promise<void> {
    await this.putObject(object);
    const upload = this.#uploads.get(uploadId);
    if (upload !== undefined) await this.#removeUpload(upload, new Set(object.bodies.map(({ id }) => id)));
  }
}
