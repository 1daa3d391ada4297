/** The same page twice: on the real uploader in a world of memory, and on the fake one. A story is told to both with the same words. */
import type { FakeUploader } from "../../src/api/testing.js";
import type { Upload, UploadOptions, UploadState } from "../../src/api/upload.js";
import type { PendingUpload, Uploader } from "../../src/api/uploader.js";
import { UploadError, type UploadErrorCode } from "../../src/errors.js";
import { orAborted } from "../../src/or-aborted.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { createFakeUploader } from "../../src/testing/create-fake-uploader.js";
import { type Deferred, deferred } from "../../src/upload/deferred.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, deadHalfway, open, partsStored, when } from "../world/scene.js";

/** What the file is called on both. */
export const name = "b.bin";
export const file = () => new MemoryFile(bytes, name);
/** Of the ten parts that the file has. */
const storedAtHalf = { fraction: 0.43, storedBytes: 40 };

/** A page and its store, as a story needs them. */
export interface Stage {
  readonly uploader: Uploader;
  /** @returns what the page's promise gives, when the page has come so far */
  settled<T>(promise: Promise<T>): Promise<T>;
  /** The store has four parts of ten, and does not answer for the fifth. */
  half(upload: Upload): Promise<void>;
  /** The store refuses the fifth part. */
  refuse(upload: Upload, code: UploadErrorCode): Promise<void>;
  /** The store takes the rest. */
  complete(upload: Upload): Promise<void>;
}

/** The fifth part of each upload waits for what the test says of it. */
class FifthPart {
  #verdict: Deferred<"stored" | UploadErrorCode> = deferred();

  readonly wrap = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (...call) => {
      const verdict = call[1] === 5 ? await orAborted(this.#verdict.promise, call[4].signal) : "stored";
      if (verdict !== "stored") throw new UploadError(verdict, "The store refuses it");
      return await store.putPart(...call);
    },
  });

  says(verdict: "stored" | UploadErrorCode): void {
    this.#verdict.resolve(verdict);
    this.#verdict = deferred();
  }
}

const hasPhase = (phase: UploadState["phase"]) => (state: UploadState) => state.phase === phase;

export function realStage(universe = new Universe()): Stage {
  const fifth = new FifthPart();
  const page = open(universe, { store: fifth.wrap });
  return {
    uploader: page.uploader,
    settled: (promise) => alive(page, promise),
    half: async (upload) => void (await alive(page, when(upload, partsStored(4)))),
    refuse: async (upload, code) => {
      fifth.says(code);
      await alive(page, when(upload, hasPhase("failed")));
    },
    complete: async (upload) => {
      fifth.says("stored");
      await alive(page, when(upload, hasPhase("completed")));
    },
  };
}

export function fakeStage(): Stage {
  const uploader = createFakeUploader();
  const fake = (upload: Upload) => uploader.uploads[uploader.uploads.indexOf(upload as never)] ?? missing();
  return {
    uploader,
    settled: (promise) => promise,
    half: async (upload) => fake(upload).progress(storedAtHalf),
    refuse: async (upload, code) => fake(upload).fail(code),
    complete: async (upload) => fake(upload).complete(),
  };
}

/** Each stage with an upload that an earlier page has left half done. */
export async function stagesWithPending(options: Partial<UploadOptions>, key: string): Promise<readonly Stage[]> {
  const real = realStage(await deadHalfway({ ...options, key }));
  const fake = fakeStage();
  const [entry] = await real.settled(real.uploader.pending());
  if (entry === undefined) throw new Error("The dead page has left nothing");
  const { appData, needs, needsCallback, paused, fraction, storedBytes } = entry;
  (fake.uploader as FakeUploader).addPending({
    ...{ key, appData, needs, needsCallback, paused, fraction, storedBytes },
    file: entry.file,
  });
  return [real, fake];
}

export async function only(stage: Stage): Promise<PendingUpload> {
  const [entry, ...others] = await stage.settled(stage.uploader.pending());
  if (entry === undefined || others.length > 0) throw new Error("There is not one entry");
  return entry;
}

/** @returns what it throws or rejects with, by code and words; or that it does not */
export async function refusal(stage: Stage, act: () => unknown): Promise<string> {
  try {
    await stage.settled(Promise.resolve(act()));
    return "no refusal";
  } catch (error) {
    return error instanceof UploadError ? `${error.code}: ${error.message}` : String(error);
  }
}

async function alive<T>(page: Page, promise: Promise<T>): Promise<T> {
  const answer = await page.live(promise);
  if (answer === "dead") throw new Error("The page died");
  return answer as T;
}

function missing(): never {
  throw new Error("The fake uploader does not list it");
}
