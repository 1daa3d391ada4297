/** The application server hears of an object once, however Complete's answer is lost, and of each upload that asks for it. */
import { expect, test } from "./fixtures.js";
import { type AppServer, type Callback, serveApp } from "./support/app-server.js";
import { asked, exposeMetadata, film, key, loseAnswerAndReload, options } from "./support/asked-for.js";
import { pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { seen } from "./support/steering.js";
import { partsStored, pendingUploads, resultOf, resumePending, startUpload } from "./support/uploading.js";

test.beforeEach(async ({ page, pageServer, emulator }) => {
  exposeMetadata(emulator);
  await page.goto(pageServer.page());
});

test.describe("with an application server", () => {
  let told: AppServer["told"];
  let callback: Callback;

  test.beforeEach(async ({ serve }) => {
    const app = await serveApp(serve, '{"saved":7}');
    told = app.told;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
    callback = { url: `${app.origin}/uploaded`, body: "key=${object}" };
  });

  test("an object whose Complete was answered to nobody is recognised, and was told once", async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    emulator.faults.add({ on: "CompleteMultipartUpload", fault: "lose-answer" });

    const result = await resultOf(page, await startUpload(page, { ...asked, callback }));

    expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", callback: null });
    expect(told).toEqual([`key=${key}`]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  for (const way of ["given again", "resumed"] as const) {
    test(`it is recognised after a reload, when it is ${way}, and was told once`, async ({
      page,
      emulator,
      directory,
    }) => {
      const path = await film(directory);
      await pickAndOpen(page, emulator, path, options);
      await loseAnswerAndReload(page, emulator, { ...asked, callback });
      await pickAndOpen(page, emulator, path, options);
      await pendingUploads(page);

      const index = await (way === "resumed"
        ? resumePending(page, 0, { input: 0 }, { callback })
        : startUpload(page, { ...asked, callback }));
      const result = await resultOf(page, index);

      expect(result).toMatchObject({ alreadyStored: true, verified: "crc64", callback: null });
      expect(told).toEqual([`key=${key}`]);
      expect(await leftBehind(page, emulator)).toEqual(nothing);
    });
  }

  test("an object that was completed without a callback is made anew for who asks for one after a reload", async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    await loseAnswerAndReload(page, emulator, asked);
    await pickAndOpen(page, emulator, path, options);

    const result = await resultOf(page, await startUpload(page, { ...asked, callback }));

    expect(told).toEqual([`key=${key}`]);
    expect(result).toMatchObject({ callback: { status: 200, body: '{"saved":7}' } });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("a file that is asked for once more with a callback, while it goes up without one, is told of", async ({
    page,
    emulator,
    directory,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
    await startUpload(page, asked);
    await held.waitForHit(2);

    const second = await startUpload(page, { ...asked, callback });
    held.remove();
    const result = await resultOf(page, second);

    expect(told).toEqual([`key=${key}`]);
    expect(result).toMatchObject({ callback: { status: 200, body: '{"saved":7}' } });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test("an object that another tab completed without a callback is no object of who asks for one", async ({
    page,
    emulator,
    directory,
    context,
    pageServer,
  }) => {
    const path = await film(directory);
    await pickAndOpen(page, emulator, path, options);
    const held = emulator.faults.add({ on: "UploadPart", after: 2, times: "always", fault: "hold" });
    await startUpload(page, asked);
    await Promise.all([held.waitForHit(2), partsStored(page, 2)]);
    const other = await context.newPage();
    await other.goto(pageServer.page());
    await pickAndOpen(other, emulator, path, options);
    await startUpload(other, { ...asked, callback });
    await seen(other, { waiting: "other-tab" });

    held.remove();
    await resultOf(page);
    await resultOf(other);

    expect(told).toEqual([`key=${key}`]);
    expect(await leftBehind(other, emulator)).toEqual(nothing);
  });
});
