/** Steers the uploads of a page, and waits until they are where a test wants them. */
import type { Emulator, FaultHandle } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { Upload, UploadState } from "../../packages/core/src/index.js";

/** Resolves when the method has, not before. */
export async function tell(page: Page, verb: "pause" | "resume" | "cancel", index = 0): Promise<void> {
  await page.evaluate(async ({ verb, index }) => await (window.ossicle.uploads[index] as Upload)[verb](), {
    verb,
    index,
  });
}

export async function closeUploader(page: Page): Promise<void> {
  await page.evaluate(async () => await window.ossicle.uploader.close());
}

/** What is to be seen of an upload: a phase, or why nothing moves in it. */
export type Sight = { readonly phase: UploadState["phase"] } | { readonly waiting: string };

/** Resolves when an upload's state is, or has just been, as wanted; a failure that is not wanted rejects. */
export async function seen(page: Page, sight: Sight, index = 0): Promise<void> {
  await page.evaluate(
    ({ sight, index }) =>
      new Promise<void>((resolve, reject) => {
        const upload = window.ossicle.uploads[index] as Upload;
        const look = (state: UploadState) => {
          const fits = "phase" in sight ? state.phase === sight.phase : state.waiting?.reason === sight.waiting;
          if (fits) resolve();
          else if (state.phase === "failed") reject(state.error);
          else return;
          leave();
        };
        const leave = upload.subscribe(look);
        look(upload.state);
      }),
    { sight, index },
  );
}

/**
 * Lets so many parts pass and keeps every later one at the emulator: in full, but not stored.
 * `release()` or `remove()` lets them go.
 */
export function holdAfter(emulator: Emulator, parts: number): FaultHandle {
  return emulator.faults.add({
    on: "UploadPart",
    after: parts,
    times: "always",
    fault: { kind: "hold", when: "before-effect" },
  });
}

/** How `finished` ended, told apart from what Playwright makes of errors. */
export async function rejection(page: Page, index = 0): Promise<{ readonly name: string; readonly dom: boolean }> {
  return await page.evaluate(async (index) => {
    const upload = window.ossicle.uploads[index] as Upload;
    return await upload.finished.then(
      () => ({ name: "resolved", dom: false }),
      (error: unknown) => ({ name: (error as Error).name, dom: error instanceof DOMException }),
    );
  }, index);
}

/** Counts requests of uploads, preflights excepted. @returns how many at most have been under way at the same time so far */
export function mostAtOnce(emulator: Emulator): () => number {
  let most = 0;
  emulator.onRequest(() => {
    const underWay = emulator.requests.filter(({ action, phase }) => phase === "received" && action !== "Preflight");
    most = Math.max(most, underWay.length);
  });
  return () => most;
}

/**
 * The same, as the page's own traces have it. The browser lets six through to a host, whatever the library sends: what
 * waits in its queue is seen here only.
 */
export async function mostSentAtOnce(page: Page): Promise<number> {
  const traces = await page.evaluate(() => window.ossicle.traces);
  const ends = traces.map(({ startedAt, durationMs }) => [startedAt, startedAt + durationMs] as const);
  // One that begins in the millisecond in which another ended has its place.
  return Math.max(...ends.map(([at]) => ends.filter(([start, end]) => start <= at && at < end).length));
}
