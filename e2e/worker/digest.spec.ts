import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../fixtures.js";
import { createFile } from "../support/files.js";
import { peakMemoryWhile } from "../support/memory.js";
import { lookAtPicked } from "../support/picking.js";

const MB = 1e6;
const GiB = 2 ** 30;

test("a picked file is hashed as Node hashes it", async ({ page, pageServer, directory }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 20_000_003, seed: 1 });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const digest = await page.evaluate(async () => {
    const { createWorkerPool, both, never, picked, readable } = await import("ossicle-pool");
    return readable(await createWorkerPool({ stallTimeoutMs: 30_000 }).digest(picked(), both, { signal: never }));
  });

  const md5 = createHash("md5")
    .update(await readFile(path))
    .digest("hex");
  expect(digest).toEqual({ md5, crc64: "1832154315888514456", size: 20_000_003 });
});

test("the digest is the same where a policy forbids WebAssembly", async ({ page, pageServer, directory }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 3_000_001, seed: 2 });
  const logged: string[] = [];
  page.on("console", (message) => logged.push(message.text()));
  await page.goto(pageServer.page({ csp: "default-src 'self'; script-src 'self' 'nonce-harness'" }));
  await page.setInputFiles("input", path);

  const digest = await page.evaluate(async () => {
    const { createWorkerPool, both, never, picked, readable } = await import("ossicle-pool");
    return readable(await createWorkerPool({ stallTimeoutMs: 30_000 }).digest(picked(), both, { signal: never }));
  });

  const md5 = createHash("md5")
    .update(await readFile(path))
    .digest("hex");
  expect(digest).toEqual({ md5, crc64: "10926871606298132705", size: 3_000_001 });
  expect(logged.join("\n")).toContain("digests are computed in JavaScript");
});

test("four slices of a picked file are hashed side by side as Node hashes each", async ({
  page,
  pageServer,
  directory,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size: 18_000_007, seed: 6 });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const digests = await page.evaluate(async () => {
    const { createWorkerPool, both, never, picked, readable } = await import("ossicle-pool");
    const file = picked();
    const slice = (i: number) => file.slice(i * 4_500_001, (i + 1) * 4_500_001);
    const four = [slice(0), slice(1), slice(2), slice(3)] as const;
    const pool = createWorkerPool({ count: 1, stallTimeoutMs: 30_000 });
    const together = await pool.digestFour(four, both, { signal: never });
    const alone = await Promise.all(four.map((each) => pool.digest(each, both, { signal: never })));
    return { together: together.map(readable), alone: alone.map(readable) };
  });

  const bytes = await readFile(path);
  const md5s = [0, 1, 2, 3].map((i) =>
    createHash("md5")
      .update(bytes.subarray(i * 4_500_001, (i + 1) * 4_500_001))
      .digest("hex"),
  );
  expect(digests.together.map(({ md5 }) => md5)).toEqual(md5s);
  expect(digests.together).toEqual(digests.alone);
});

test("3 GiB are hashed with the page alive and memory flat", async ({ page, browser, pageServer, directory }) => {
  test.setTimeout(120_000);
  const path = await createFile(join(directory, "film.bin"), { size: 3 * GiB + 5, seed: 3, every: 64 * 2 ** 20 });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const { value, grownBy } = await peakMemoryWhile(browser, () =>
    page.evaluate(async () => {
      const { createWorkerPool, both, never, picked, readable } = await import("ossicle-pool");
      const longest = { ms: 0 };
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
      }).observe({ type: "longtask" });
      const digest = readable(
        await createWorkerPool({ stallTimeoutMs: 30_000 }).digest(picked(), both, { signal: never }),
      );
      return { digest, longest: longest.ms };
    }),
  );

  // By `md5sum` of the file that this seed makes.
  expect(value.digest).toEqual({
    md5: "f186822c07302affebab0a432e72ab42",
    crc64: "296083072979822293",
    size: 3 * GiB + 5,
  });
  expect(grownBy).toBeLessThan(150 * MB);
  // It takes many seconds of hashing; on the page none of them may show.
  expect(value.longest).toBeLessThan(1000);
});

test("a file that was edited after it was picked is unreadable", async ({ page, pageServer, directory }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 3_000_000, seed: 4 });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);
  await lookAtPicked(page);
  await writeFile(path, "edited");

  const { error } = await page.evaluate(async () => {
    const { createWorkerPool, both, ended, never, picked } = await import("ossicle-pool");
    return await ended(createWorkerPool({ stallTimeoutMs: 30_000 }).digest(picked(), both, { signal: never }));
  });

  expect(error).toMatchObject({ code: "file-unreadable", temporary: false });
  expect(error?.message).toContain("could not be read");
});

test("digests that are cancelled let the next one begin", async ({ page, pageServer, directory }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 64 * GiB, seed: 5, every: 16 * GiB });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const [cancelled, next] = await page.evaluate(async () => {
    const { createWorkerPool, both, ended, never, picked, readable } = await import("ossicle-pool");
    const pool = createWorkerPool({ count: 1, stallTimeoutMs: 30_000 });
    const stop = new AbortController();
    const hours = [1, 2].map(() => ended(pool.digest(picked(), both, { signal: stop.signal })));
    const next = pool.digest(new Blob(["123456789"]), both, { signal: never });
    await pool.parseXml("<A/>");
    stop.abort(new Error("the user said so"));
    return [await Promise.all(hours), readable(await next)] as const;
  });

  expect(cancelled.map(({ error }) => error?.message)).toEqual(["the user said so", "the user said so"]);
  expect(next).toEqual({ md5: "25f9e794323b453885f5181f1b624d0b", crc64: "11051210869376104954", size: 9 });
});
