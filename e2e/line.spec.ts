/** What a line is to a browser, to a page and to the store. */
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import { expect } from "@playwright/test";
import { sha256Of } from "./support/files.js";
import { came, test } from "./support/on-a-line.js";
import { bucket, resultOf, startUpload, stateOf } from "./support/uploading.js";

const MiB = 2 ** 20;
const key = "film.bin";

test.describe("on a line", () => {
  test("a browser feels how fast bytes leave, and the store gets what was picked", async ({
    page,
    emulator,
    line,
    openWithFile,
  }) => {
    const size = 4 * MiB;
    const path = await openWithFile({ size, seed: 1 });

    await startUpload(page, { key });
    await came(emulator, size / 2);
    const { progress } = await stateOf(page);
    await resultOf(page);

    // What the page believes to be sent lies in the queue, or in a buffer that is as large as the line is fast.
    expect(progress.sentBytes - size / 2).toBeLessThan(MiB);
    expect(await line.carriedBytes()).toBeGreaterThan(size);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
  });

  test("a page is answered beside the line, and is secure", async ({ page, line, openWithFile }) => {
    const before = await line.carriedBytes();

    await openWithFile({ size: 1, seed: 1 });

    expect(await page.evaluate(() => isSecureContext)).toBe(true);
    // The library alone is larger. A link that has just come up has a few words of its own to say.
    expect((await line.carriedBytes()) - before).toBeLessThan(5000);
  });
});

test("a line that is closed leaves nothing behind, whatever ran on it", async ({ line }) => {
  await line.listen(createServer());
  const { name } = line;
  const [program, ...args] = line.within("sleep", "600");
  const sleeping = spawn(program, args);
  const ended = new Promise((resolve) => sleeping.once("exit", (_, signal) => resolve(signal)));
  await expect
    .poll(() => execFileSync("ip", ["netns", "pids", name], { encoding: "utf8" }))
    .toContain(String(sleeping.pid));

  await line.close();

  expect(await ended).toBe("SIGKILL");
  expect(execFileSync("ip", ["netns", "list"], { encoding: "utf8" })).not.toContain(`${name}\n`);
});
