/** Whatever goes up arrives byte for byte, under the very name it was given. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures.js";
import { createFile } from "./support/files.js";
import { bucket, openUploader, resultOf, startUpload, storedParts } from "./support/uploading.js";

const KiB = 1024;
const MiB = 1024 * KiB;
const partSize = MiB;

for (const [size, parts] of [
  [0, 0],
  [1, 0],
  [102_399, 0],
  [102_400, 0],
  [partSize, 0],
  [partSize + 1, 2],
  [40 * MiB, 40],
] as const) {
  test(`a file of ${size} bytes arrives as it is`, async ({ page, pageServer, emulator, directory }) => {
    const path = await createFile(join(directory, "film.bin"), { size, seed: size });
    await page.goto(pageServer.page());
    await page.setInputFiles("input", path);
    await openUploader(page, emulator, { partSize });

    await startUpload(page, { key: "film.bin" });
    const result = await resultOf(page);

    const sha256 = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    expect(await emulator.sha256(bucket, "film.bin")).toBe(sha256);
    expect(result).toMatchObject({ size, verified: "crc64", alreadyStored: false, resumedBytes: 0, sentBytes: size });
    expect(result.crc64).toBe(emulator.object(bucket, "film.bin")?.crc64);
    expect(storedParts(emulator).length).toBe(parts);
    expect(emulator.uploads(bucket)).toEqual([]);
  });
}
