import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../fixtures.js";
import { createFile } from "../support/files.js";

test("a picked file is hashed in a worker as Node hashes it", async ({ page, pageServer, directory }) => {
  const path = await createFile(join(directory, "film.bin"), { size: 20_000_003, seed: 1 });
  await page.goto(pageServer.page());
  await page.setInputFiles("input", path);

  const { md5, size } = await page.evaluate(async () => {
    const { createWorkerPool } = await import("ossicle-pool");
    const file = document.querySelector("input")?.files?.[0] as File;
    const pool = createWorkerPool();
    const digest = await pool.digest(file, { md5: true, crc64: true }, { signal: new AbortController().signal });
    pool.close();
    return { md5: Array.from(digest.md5 ?? []), size: digest.size };
  });

  expect(Buffer.from(md5).toString("hex")).toBe(
    createHash("md5")
      .update(await readFile(path))
      .digest("hex"),
  );
  expect(size).toBe(20_000_003);
});
