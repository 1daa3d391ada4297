/** A "Try now" button: what waits to be tried again is tried at once. */
import { expect, test } from "vitest";
import type { UploadState } from "../../src/api/upload.js";
import { UploadError } from "../../src/errors.js";
import { notLoaded } from "../../src/not-loaded.js";
import { persisting, type RetryTools, retrying } from "../../src/store/retrying.js";
import { type Page, type PageOptions, Universe } from "../world/page.js";
import { bytes, half, key, open, stored, tenParts, when } from "../world/scene.js";

const policy = { giveUpAfterMs: 600_000, baseDelayMs: 20_000, maxDelayMs: 30_000 };

/** A page whose store, engine or worker fails as long as `broken` says. */
function page(options: Partial<PageOptions> = {}, network: Partial<RetryTools["network"]> = {}) {
  const universe = new Universe();
  const state = { broken: true };
  const clock: RetryTools["clock"] = {
    now: () => opened.clock.now(),
    elapsed: () => opened.clock.elapsed(),
    sleep: (ms, signal) => opened.clock.sleep(ms, signal),
  };
  const always = { online: () => true, whenOnline: async () => undefined, ...network };
  const opened: Page = open(universe, {
    store: (store) =>
      retrying(
        {
          ...store,
          putPart: async (...call) => {
            if (call[1] === 5 && state.broken) throw new UploadError("network", "no answer");
            return await store.putPart(...call);
          },
        },
        persisting(policy, { clock, network: always, random: () => 0.5 }),
      ),
    ...options,
  });
  return { universe, page: opened, state };
}

const waits = (reason: string) => (state: UploadState) => state.waiting?.reason === reason;

test("an upload that waits after a failure goes on at once, and completes without a moment's pause", async () => {
  const { universe, page: here, state } = page();
  const upload = here.uploader.upload(tenParts(), { key });
  await here.live(when(upload, waits("backoff")));
  const at = here.clock.elapsed();
  state.broken = false;

  upload.retryNow();
  await here.live(upload.finished);

  expect(here.clock.elapsed()).toBe(at);
  expect(stored(universe)).toEqual(bytes);
});

test("one that the browser calls offline tries all the same", async () => {
  const { page: here, state } = page({}, { online: () => false, whenOnline: () => new Promise(() => undefined) });
  const upload = here.uploader.upload(tenParts(), { key });
  await here.live(when(upload, waits("offline")));
  const at = here.clock.elapsed();
  state.broken = false;

  upload.retryNow();
  await here.live(upload.finished);

  expect(here.clock.elapsed()).toBe(at);
});

test("one whose engine could not be loaded loads it at once", async () => {
  let fails = true;
  const { page: here } = page({
    store: (store) => store,
    engine: (engine) => async () => {
      if (fails) throw notLoaded("engine", new TypeError("Failed to fetch"));
      return engine;
    },
  });
  const upload = here.uploader.upload(tenParts(), { key });
  await here.live(when(upload, waits("backoff")));
  const at = here.clock.elapsed();
  fails = false;

  upload.retryNow();
  await here.live(upload.finished);

  expect(here.clock.elapsed()).toBe(at);
});

test("where nothing waits it does nothing: not while it works, rests, has failed or is complete", async () => {
  const universe = new Universe();
  const { page: here, upload } = await half(universe);
  upload.retryNow();
  await here.live(upload.pause());
  upload.retryNow();
  const paused = upload.state.phase;
  upload.resume();
  await here.live(upload.finished);
  upload.retryNow();

  expect(paused).toBe("paused");
  expect(upload.state.phase).toBe("completed");
  expect(universe.server.count("UploadPart")).toBe(10);
});
