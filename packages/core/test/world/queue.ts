/** A page with one slot, and files with a handle that wait for it: they are noted. */
import { expect } from "vitest";
import type { Upload, UploadOptions, UploadSource } from "../../src/api/upload.js";
import type { PendingUpload } from "../../src/api/uploader.js";
import { orAborted } from "../../src/or-aborted.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile } from "../doubles/memory-file.js";
import { picked } from "../doubles/memory-handle.js";
import { type Page, type PageOptions, Universe } from "./page.js";
import { bytes, key, open } from "./scene.js";

export const blocker = "blocker.bin";
export const file = (name = "film.bin") => new MemoryFile(bytes, name);

export async function alive<T>(page: Page, work: Promise<T>): Promise<T> {
  const answer = await page.live(work);
  if (answer === "dead") throw new Error("The page died");
  return answer as T;
}

export const listed = (page: Page) => alive(page, page.uploader.pending());
export const only = (entries: readonly PendingUpload[]): PendingUpload => {
  expect(entries).toHaveLength(1);
  return entries[0] as PendingUpload;
};
export const turns = (page: Page, ms = 500) => page.live(page.clock.sleep(ms, new AbortController().signal));

/** What the file `blocker` asks of the store does not move until it is released. */
export function blocked() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const store = (inside: ObjectStore): ObjectStore => ({
    ...inside,
    putObject: async (...call) => {
      if (call[0].key === blocker) await orAborted(released, call[3].signal);
      return await inside.putObject(...call);
    },
    initiate: async (...call) => {
      if (call[0].key === blocker) await orAborted(released, call[1].signal);
      return await inside.initiate(...call);
    },
  });
  return { store, release };
}

/** A page with one slot, which an upload without a handle has; the others are queued, and noted. */
export async function queued(
  sources: readonly UploadSource[],
  options: Partial<PageOptions> = {},
  universe = new Universe(),
  asked: Partial<UploadOptions> = {},
) {
  const { store, release } = blocked();
  const inside = options.store ?? ((same: ObjectStore) => same);
  const page = open(universe, { uploadSlots: 1, ...options, store: (at) => store(inside(at)) });
  page.uploader.upload(new MemoryFile(bytes, "blocker"), { key: blocker }).finished.catch(() => undefined);
  const uploads = sources.map((source, index) =>
    page.uploader.upload(source, { key: index === 0 ? key : `${key}.${index}`, appData: { album: index }, ...asked }),
  );
  for (const { finished } of uploads) finished.catch(() => undefined);
  await turns(page);
  return { universe, page, release, uploads, upload: uploads[0] as Upload };
}

export const records = async ({ disk }: Universe) => (await disk.checkpoints.list()).length;

/** @returns the world after a page died while the files were queued */
export async function deadWhileQueued(
  sources: readonly UploadSource[] = [picked(file())],
  options: Partial<PageOptions> = {},
) {
  const { universe, page } = await queued(sources, options);
  await page.kill();
  return universe;
}
