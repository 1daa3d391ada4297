/** How most stories about uploads begin: a file of ten parts, and a page that has stored four of them. */

import type { Upload, UploadOptions, UploadSource, UploadState } from "../../src/api/upload.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { Page, type PageOptions, Universe } from "./page.js";

export const key = "a/b.bin";
export const partSize = 10;
export const bytes = seededBytes(95, 3);
export const tenParts = () => new MemoryFile(bytes);

export function open(universe: Universe, options: Partial<PageOptions> = {}): Page {
  return new Page(universe, { partSize, lanes: 1, ...options });
}

export function stored(universe: Universe): Uint8Array | undefined {
  return universe.server.objects.get(key)?.bytes;
}

/** Resolves when the state is as wanted. */
export function when(upload: Upload, wanted: (state: UploadState) => boolean): Promise<UploadState> {
  return new Promise((resolve) => {
    const look = () => {
      if (!wanted(upload.state)) return;
      leave();
      resolve(upload.state);
    };
    const leave = upload.subscribe(look);
    queueMicrotask(look);
  });
}
export const partsStored = (count: number) => (state: UploadState) => state.progress.parts.stored >= count;

/** The first request for part 5 does not move until it is released or aborted. */
function heldAtPart5() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const wrap = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (...call) => {
      const { signal } = call[4];
      if (call[1] === 5) {
        signal.addEventListener("abort", release, { once: true });
        await released;
        signal.throwIfAborted();
      }
      return await store.putPart(...call);
    },
  });
  return { wrap, release };
}

/** A page whose upload has stored four parts of ten, and whose request for part 5 does not move. */
export async function half(
  universe: Universe,
  options: Partial<UploadOptions> = {},
  pageOptions: Partial<PageOptions> = {},
  source: UploadSource = tenParts(),
) {
  const { wrap, release } = heldAtPart5();
  const page = open(universe, {
    ...pageOptions,
    store: (store) => wrap((pageOptions.store ?? ((same) => same))(store)),
  });
  const upload = page.uploader.upload(source, { key, ...options });
  await page.live(when(upload, partsStored(4)));
  return { page, upload, release };
}

/** A universe in which a page died after storing four parts of ten. */
export async function deadHalfway(
  options: Partial<UploadOptions> = {},
  pageOptions: Partial<PageOptions> = {},
): Promise<Universe> {
  const universe = new Universe();
  const { page } = await half(universe, options, pageOptions);
  await page.kill();
  return universe;
}

/** Another page takes the file up again. @returns its result */
export async function resumed(universe: Universe, options: Partial<UploadOptions> = {}, file: Blob = tenParts()) {
  const page = open(universe);
  const result = await page.live(page.uploader.upload(file, { key, ...options }).finished);
  if (result === "dead") throw new Error("The page died");
  return result;
}

/** @returns the id of the one checkpoint that there is */
export async function onlyId(universe: Universe): Promise<string> {
  const [entry] = await universe.disk.checkpoints.list();
  if (entry === undefined) throw new Error("There is no checkpoint");
  return entry.id;
}
