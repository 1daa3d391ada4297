/** An app that does anything with its uploads at any time, from listeners too; and stories of it, by a seed. */
import type { Page } from "@playwright/test";
import fc from "fast-check";
import type { Upload } from "../../packages/core/src/index.js";

/** Uploads are counted modulo how many there are. File 0 is the picked one, 1 a copy of it. */
type Act =
  | { readonly do: "upload"; readonly file: number; readonly signal: number }
  | { readonly do: "pause" | "resume" | "cancel" | "remove"; readonly upload: number }
  | { readonly do: "abort"; readonly signal: number }
  | { readonly do: "resume-pending"; readonly file: number }
  | { readonly do: "discard-pending" };

export interface WildStory {
  /** `after`: that many states are told first, of any upload, or nothing is under way. */
  readonly steps: readonly { readonly act: Act; readonly after: number }[];
  /** Made by the listener of the n-th upload when it is told of the phase, each once. */
  readonly reactions: readonly { readonly upload: number; readonly phase: string; readonly act: Act }[];
  readonly fault: "none" | "reset" | "lose-answer" | "forbidden";
}

const count = fc.nat({ max: 3 });
const file = fc.nat({ max: 1 });
const signal = fc.integer({ min: -1, max: 1 });
const uploading: fc.Arbitrary<Act> = fc.record({ do: fc.constant("upload" as const), file, signal });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: uploading },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("pause", "resume", "resume", "cancel", "remove"), upload: count }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const), signal: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resume-pending" as const), file }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: "discard-pending" }) },
);
const phase = fc.constantFrom("preparing", "uploading", "completing", "paused", "stopped", "failed", "cancelled");
const wildStory: fc.Arbitrary<WildStory> = fc.record({
  steps: fc
    .tuple(
      fc.record({ act: uploading, after: fc.constant(0) }),
      fc.array(fc.record({ act, after: fc.nat({ max: 6 }) }), { minLength: 2, maxLength: 8 }),
    )
    .map(([first, others]) => [first, ...others]),
  reactions: fc.array(fc.record({ upload: count, phase, act }), { maxLength: 3 }),
  fault: fc.constantFrom("none", "none", "reset", "lose-answer", "forbidden"),
});

/** @returns the same stories for the same seed */
export function wildStories(number: number, seed: number): readonly WildStory[] {
  return fc.sample(wildStory, { numRuns: number, seed });
}

/** Plays a story in the page until nothing is under way. @returns what is wrong. By then everything is cancelled */
export async function playWildly(page: Page, story: WildStory, key: string): Promise<readonly string[]> {
  return await page.evaluate(
    async ({ story, key }) => {
      const { uploader } = window.ossicle;
      const [picked] = document.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [];
      if (picked === undefined) throw new Error("No file was picked");
      const files = [picked, new File([picked], "copy.bin", { lastModified: 1 })];
      const signals = [new AbortController(), new AbortController()];
      const reactions = [...story.reactions];
      const faults: string[] = [];
      const held: Upload[] = [];
      const calls = new Set<Promise<unknown>>();
      const told = new Map<Upload, Upload["state"]>();
      const listeners = new Set<() => void>();

      for (const { act, after } of story.steps) {
        await states(after);
        perform(act);
      }
      await allAtRest();
      for (const upload of held) await look(upload);
      // What the cancels below would set off is no part of the story.
      reactions.length = 0;
      await Promise.all(held.map((upload) => upload.cancel()));
      for (const upload of held)
        if (!["completed", "cancelled"].includes(upload.state.phase)) faults.push("not cancelled");
      return faults;

      function perform(act: Act): void {
        const upload = "upload" in act ? held[act.upload % Math.max(1, held.length)] : undefined;
        if (act.do === "upload")
          hold(uploader.upload(files[act.file] as File, { key, signal: signals[act.signal]?.signal }));
        else if (act.do === "abort") signals[act.signal]?.abort();
        else if (act.do === "resume-pending") call(resumePending(act.file));
        else if (act.do === "discard-pending") call(discardPending());
        else if (upload === undefined) return;
        else if (act.do === "remove") refusable(() => uploader.remove(upload));
        else if (act.do === "resume") upload.resume();
        else call(upload[act.do]());
      }

      function hold(upload: Upload): void {
        if (held.includes(upload)) return;
        const index = held.push(upload) - 1;
        told.set(upload, upload.state);
        upload.subscribe((state) => {
          told.set(upload, state);
          const next = reactions.findIndex((each) => each.upload === index && each.phase === state.phase);
          for (const { act } of next < 0 ? [] : reactions.splice(next, 1)) perform(act);
          for (const listener of [...listeners]) listener();
        });
      }

      async function resumePending(file: number): Promise<void> {
        const entry = (await uploader.pending()).find((each) => each.key === key);
        if (entry !== undefined) hold(await entry.resume(files[file]));
      }

      async function discardPending(): Promise<void> {
        await (await uploader.pending()).find((each) => each.key === key)?.discard();
      }

      function refusable(act: () => void): void {
        try {
          act();
        } catch (error) {
          if ((error as { code?: string }).code !== "invalid-option") faults.push(`threw ${String(error)}`);
        }
      }

      function call(promise: Promise<unknown>): void {
        const settled = promise.then(
          () => undefined,
          (error: unknown) => {
            if ((error as { code?: string }).code !== "locked") faults.push(`rejected: ${String(error)}`);
          },
        );
        calls.add(settled);
      }

      function isWorking({ state }: Upload): boolean {
        return ["queued", "preparing", "uploading", "completing"].includes(state.phase);
      }

      /** Resolves after so many states, or when there is nothing to wait for. */
      async function states(number: number): Promise<void> {
        for (let left = number; left > 0 && held.some(isWorking); left -= 1) {
          await new Promise<void>((resolve) => {
            const listener = () => {
              listeners.delete(listener);
              resolve();
            };
            listeners.add(listener);
          });
        }
      }

      async function allAtRest(): Promise<void> {
        for (let settled = -1; settled !== calls.size || held.some(isWorking); ) {
          settled = calls.size;
          await Promise.all(calls);
          while (held.some(isWorking)) await states(1);
        }
      }

      async function look(upload: Upload): Promise<void> {
        const { phase } = upload.state;
        const outcome = await Promise.race([
          upload.finished.then(
            () => "completed",
            (error: unknown) => (error as Error).name,
          ),
          new Promise((resolve) => setTimeout(() => resolve("paused"))),
        ]);
        const wanted = { failed: "UploadError", stopped: "AbortError" }[phase as string] ?? phase;
        const fits = phase === "cancelled" ? outcome === "AbortError" || outcome === "UploadError" : outcome === wanted;
        if (!fits) faults.push(`${phase}, but finished is ${String(outcome)}`);
        if (told.get(upload) !== upload.state) faults.push(`${phase}, but told ${told.get(upload)?.phase}`);
      }
    },
    { story, key },
  );
}
