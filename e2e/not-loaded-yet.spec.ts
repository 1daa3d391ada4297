/** A script of the library that the site does not have at the moment: offline, a busy server, a deployment. */
import type { Page, Route } from "@playwright/test";
import { expect, test } from "./fixtures.js";
import { sha256Of } from "./support/files.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { seen } from "./support/steering.js";
import { bucket, resultOf, startUpload } from "./support/uploading.js";

const shape = { size: 300_000, seed: 7 };
const key = "film.bin";

/** Answers for the site's scripts of that name in its place. @returns what lets them through */
async function keepBack(
  page: Page,
  script: string,
  answer: (route: Route) => Promise<void>,
): Promise<() => Promise<void>> {
  const pattern = new RegExp(`/${script}$`);
  await page.route(pattern, answer);
  return () => page.unroute(pattern);
}

const busy = (route: Route) => route.fulfill({ status: 503, body: "Service Unavailable" });
const gone = (route: Route) => route.fulfill({ status: 200, contentType: "text/html", body: "<!doctype html>" });
const cut = (route: Route) => route.abort("connectionfailed");

for (const [what, script] of [
  ["the engine", "index-(create-engine|oss-store|engine)\\.js"],
  ["the worker, by file and by text", "worker(-text)?\\.js"],
] as const) {
  for (const [how, answer] of [
    ["is answered with 503", busy],
    ["is another page's after a deployment", gone],
    ["is not to be reached", cut],
  ] as const) {
    test(`an upload waits while ${what} ${how}, and completes when it is there`, async ({
      page,
      openWithFile,
      emulator,
    }) => {
      const letThrough = await keepBack(page, script, answer);
      const path = await openWithFile(shape);

      await startUpload(page, { key });
      await seen(page, { waiting: "backoff" });
      await letThrough();
      await resultOf(page);

      expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }
}

for (const script of ["index-create-engine", "index-diagnosis"]) {
  test(`diagnose() rejects with an UploadError while ${script}.js cannot be loaded, and works afterwards`, async ({
    page,
    openWithFile,
  }) => {
    const letThrough = await keepBack(page, `${script}\\.js`, busy);
    await openWithFile(shape);
    const diagnose = () =>
      page.evaluate(() =>
        window.ossicle.uploader.diagnose().then(
          ({ checks }) => ({ checks: checks.length }),
          ({ name, code, hint, temporary }) => ({ name, code, hint, temporary }),
        ),
      );

    const refused = await diagnose();
    await letThrough();
    const afterwards = await diagnose();

    expect(refused).toEqual({
      name: "UploadError",
      code: "network",
      temporary: true,
      hint: expect.stringMatching(/reload the page/i),
    });
    expect(afterwards).toEqual({ checks: 13 });
  });
}

test("cancel() and close() come back while the engine's script never answers", async ({ page, openWithFile }) => {
  await keepBack(page, "index-create-engine\\.js", () => new Promise(() => undefined));
  await openWithFile(shape);
  await startUpload(page, { key });

  const phase = await page.evaluate(async () => {
    const [upload] = window.ossicle.uploads;
    upload?.finished.catch(() => undefined);
    await upload?.cancel();
    await window.ossicle.uploader.close();
    return upload?.state.phase;
  });

  expect(phase).toBe("cancelled");
});
