import type { Upload } from "../../src/api/upload.js";
import type { PendingUpload } from "../../src/api/uploader.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryKeeper } from "../doubles/memory-keeper.js";
import { type Page, type PageOptions, Universe } from "./page.js";
import { bytes, half, open } from "./scene.js";

export const scoped = (scope: string): Partial<PageOptions> => ({ settings: { scope } });

export async function alive<T>(page: Page, done: Promise<T>): Promise<T> {
  const result = await page.live(done);
  if (result === "dead") throw new Error("The page died");
  return result;
}

/** The user leaves the page, and its process goes. */
export async function leave(page: Page): Promise<void> {
  page.life.leave();
  await page.kill();
}

/** A page was left when four parts of ten were stored. The next one may ask a keeper for its file. */
export async function leftHalfway(how: { scope?: string; paused?: boolean } = {}) {
  const [universe, keepers] = [new Universe(), new MemoryKeeper()];
  const { scope = "", paused = false } = how;
  const { page, upload } = await half(universe, {}, { keeper: keepers.for(scope), ...scoped(scope) });
  if (paused) await alive(page, upload.pause());
  await leave(page);
  const next = (scope = how.scope ?? "", options: Partial<PageOptions> = {}) =>
    open(universe, { keeper: keepers.for(scope), ...scoped(scope), ...options });
  return { universe, keepers, next };
}

/** As browsers give a file that was edited since it was chosen. */
export function unreadable(): File {
  const arrayBuffer = () => Promise.reject(new UploadError("file-unreadable", "edited"));
  const slice = () => Object.assign(new Blob(["?"]), { arrayBuffer });
  return Object.assign(new File([bytes], "file.bin"), { arrayBuffer, slice });
}

/** The request for part 8 does not move until it is released. */
export function heldAtPart8() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (...call) => {
      if (call[1] === 8) await released;
      return await store.putPart(...call);
    },
  });
  return { held, release };
}

export async function onlyPending(page: Page): Promise<PendingUpload> {
  const [entry, ...others] = await alive(page, page.uploader.pending());
  if (entry === undefined || others.length > 0) throw new Error("Not one upload is pending");
  return entry;
}

export async function resumed(page: Page, entry: PendingUpload): Promise<Upload> {
  const upload = await alive(page, entry.resume());
  await alive(page, upload.finished);
  return upload;
}
