/** Apps that do anything at any time, from listeners too, in a world that fails: random stories, and what must hold after each. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Stage } from "./fuzz/stage.js";
import { stories } from "./fuzz/story.js";

/** More of them: HANDLE_STORIES=50000; others: HANDLE_SEED=2. */
const numRuns = Number(process.env.HANDLE_STORIES ?? 400);
const seed = Number(process.env.HANDLE_SEED ?? 1);

test("whatever an app does with its uploads, and when, they settle rightly and leave nothing behind", {
  timeout: 3_600_000,
}, async () => {
  const uncaught: unknown[] = [];
  const keep = (reason: unknown) => void uncaught.push(reason);
  process.on("unhandledRejection", keep);
  try {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        uncaught.length = 0;
        expect(await new Stage(story).play()).toEqual([]);
        expect(uncaught).toEqual([]);
      }),
      { numRuns, seed },
    );
  } finally {
    process.off("unhandledRejection", keep);
  }
});
