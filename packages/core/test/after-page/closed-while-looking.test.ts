/** An uploader that is closed waits for no worker that never greets. */
import { expect, test } from "vitest";
import { AfterPage } from "../../src/after-page/after-page.js";

test("the look for a worker that outlives the page ends when the uploader is closed", async () => {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const starter = { isReady: false, problem: "closed", look: () => ended, start: () => undefined, close: () => end() };
  const checked = { afterPage: "finish", checkpoints: undefined, workers: {}, settings: { scope: "" } };
  const store = { portable: () => ({}) };
  const afterPage = new AfterPage({ checked, store, starter: async () => starter } as never);

  const looking = afterPage.look();
  await new Promise(setImmediate);
  afterPage.close(false);

  expect(await looking).toBe("closed");
});
