/** A closed laptop: every timer jumps an hour, every connection is dead, the token has expired, and the lock is still held. Laws: crash-only; nothing outlives its run. */
import { expect, test } from "vitest";
import type { UploadState } from "../../src/api/upload.js";
import { UploadError } from "../../src/errors.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { persisting, retrying } from "../../src/store/retrying.js";
import { type Page, Universe } from "../world/page.js";
import { bytes, key, open, partsStored, stored, tenParts, when } from "../world/scene.js";

const hour = 3_600_000;
/** Far less than was slept. */
const policy = { giveUpAfterMs: 300_000, baseDelayMs: 500, maxDelayMs: 30_000 };

/** A page that has stored four parts of ten when its laptop is closed; part 5 dies with its connection. */
async function asleep(universe: Universe) {
  let cut = (): void => undefined;
  const dying = new Promise<never>((_, reject) => {
    cut = () => reject(new UploadError("stalled", "no byte of the body moved"));
  });
  dying.catch(() => undefined);
  let attempts = 0;
  const withFault = (store: ObjectStore): ObjectStore => ({
    ...store,
    putPart: async (...call) => {
      if (call[1] === 5 && ++attempts === 1) await dying;
      return await store.putPart(...call);
    },
  });
  const clock = {
    now: () => page.clock.now(),
    elapsed: () => page.clock.elapsed(),
    sleep: (ms: number, signal: AbortSignal) => page.clock.sleep(ms, signal),
  };
  const network = { online: () => true, whenOnline: async () => undefined };
  const page: Page = open(universe, {
    store: (store) => retrying(withFault(store), persisting(policy, { clock, network, random: () => 0.5 })),
  });
  const upload = page.uploader.upload(tenParts(), { key });
  const states: UploadState[] = [];
  upload.subscribe((state) => states.push(state));
  await page.live(when(upload, partsStored(4)));
  page.clock.advance(hour);
  return { page, upload, states, wake: () => cut() };
}

test("an upload goes on after an hour of sleep, and no part is stored twice", async () => {
  const universe = new Universe();
  const { page, upload, states, wake } = await asleep(universe);

  wake();
  await page.live(upload.finished);

  expect(states.map(({ phase }) => phase)).not.toContain("failed");
  expect(universe.server.count("UploadPart")).toBe(10);
  expect(stored(universe)).toEqual(bytes);
});

test("its lock does not expire: another tab still waits after the hour", async () => {
  const universe = new Universe();
  const { page, upload, wake } = await asleep(universe);
  const other = open(universe);
  const second = other.uploader.upload(tenParts(), { key });

  const waiting = await other.live(when(second, (state) => state.waiting !== null));
  const sentMeanwhile = universe.server.count("UploadPart");
  wake();
  await page.live(upload.finished);

  expect(waiting).toMatchObject({ waiting: { reason: "other-tab" } });
  expect(sentMeanwhile).toBe(4);
  expect(stored(universe)).toEqual(bytes);
});
