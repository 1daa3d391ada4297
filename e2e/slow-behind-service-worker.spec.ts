/** Behind a service worker the browser tells nothing of a body until it is answered: a slow one is not taken for a silent one. */
import type { Emulator } from "@ossicle/oss-emulator";
import { expect, test } from "./fixtures.js";
import { pickBoth } from "./support/fault-scenes.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { installServiceWorker, type ServiceWorkerName, siteWith } from "./support/service-workers.js";
import { bucket, openUploader, resultOf, startUpload } from "./support/uploading.js";

const KiB = 1024;
const size = 512 * KiB;
/** Each body takes longer than the four seconds in which its first byte would have to be seen. */
const bytesPerSecond = 40_000;
const retry = { stallTimeoutMs: 1_000, baseDelayMs: 5 };

const bodies = ["PutObject", "PostObject", "UploadPart"] as const;
/** Of the fields of a form, which go with the file. */
const fieldBytes = 4 * KiB;

function bodyBytes(emulator: Emulator): number {
  const sent = emulator.requests.filter(({ action }) => bodies.some((body) => body === action));
  return sent.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
}

for (const [how, options] of [
  ["in one request", { singlePutBelow: 2 * size, smallFiles: "put" }],
  ["as a form", { singlePutBelow: 2 * size }],
  ["in parts", { singlePutBelow: 0, partSize: 256 * KiB }],
] as const) {
  test(`a file that goes up slowly behind a service worker, ${how}, is sent once`, async ({
    page,
    pageServer,
    emulator,
    directory,
  }) => {
    await page.goto(siteWith(pageServer, "passes on whatever is asked"));
    const [, sha256] = await pickBoth(page, directory, size);
    await installServiceWorker(page);
    await openUploader(page, emulator, { ...options, retry });
    const slow = { kind: "throttle", bytesPerSecond } as const;
    emulator.faults.add({ on: bodies, times: "always", fault: slow });

    await startUpload(page, { key: "slow.bin" }, { input: 1 });
    const { verified } = await resultOf(page);

    expect(verified).toBe("crc64");
    expect(await emulator.sha256(bucket, "slow.bin")).toBe(sha256);
    expect(bodyBytes(emulator)).toBeGreaterThanOrEqual(size);
    expect(bodyBytes(emulator)).toBeLessThan(size + fieldBytes);
    emulator.faults.clear();
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

for (const [name, status] of [
  ["passes on whatever is asked", "warning"],
  ["leaves alone what is not GET", "ok"],
] as const satisfies readonly (readonly [ServiceWorkerName, string])[]) {
  test(`a service worker that ${name} is said to be ${status}`, async ({ page, pageServer, emulator }) => {
    await page.goto(siteWith(pageServer, name));
    await installServiceWorker(page);
    await openUploader(page, emulator);

    const check = await page.evaluate(async () => {
      const { checks } = await window.ossicle.uploader.diagnose();
      return checks.find(({ name }) => name === "service-worker");
    });

    expect(check).toMatchObject({ status });
    expect(check?.hint?.includes('event.request.method !== "GET"') ?? false).toBe(status === "warning");
  });
}
