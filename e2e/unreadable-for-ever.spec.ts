/** Where no refusal can be read and no key ever becomes good, the page says all that it may be; `diagnose()`, too. */
import type { Diagnosis } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import {
  film,
  hideRefusals,
  hour,
  impatient,
  key,
  options,
  provide,
  unknown,
  wrong,
} from "./support/hidden-refusals.js";
import { pickAndOpen } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { finished, type OpenOptions, startUpload } from "./support/uploading.js";

test.beforeEach(async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
});

/** Keys that never become good. */
const hopeless: Readonly<Record<string, OpenOptions>> = {
  "a wrong secret": { credentials: wrong },
  "a provider of unknown keys": { credentials: "tokens" },
};

for (const [what, credentials] of Object.entries(hopeless)) {
  test(`${what} for ever ends as a dead network, and the hint says where else to look`, async ({
    page,
    emulator,
    directory,
  }) => {
    hideRefusals(emulator);
    const asked = await provide(page, unknown(emulator));
    await pickAndOpen(page, emulator, await film(directory), { ...impatient, ...credentials });

    const outcome = await finished(page, await startUpload(page, { key }));

    expect(outcome).toMatchObject({ error: { code: "network", temporary: true, hint: expect.stringMatching(/CORS/) } });
    expect(outcome).toMatchObject({ error: { hint: expect.stringMatching(/clock.*credentials/) } });
    expect(asked()).toBeLessThanOrEqual(2);
    expect(JSON.stringify(outcome)).not.toContain("not-the-secret");
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`diagnose() names clock and key beside the CORS rule for ${what}`, async ({ page, emulator, directory }) => {
    hideRefusals(emulator);
    await provide(page, unknown(emulator));
    await pickAndOpen(page, emulator, await film(directory), { ...impatient, ...credentials });

    const { ok, checks } = await page.evaluate<Diagnosis>(() => window.ossicle.uploader.diagnose());

    const cors = checks.find(({ name }) => name === "cors");
    expect(ok).toBe(false);
    expect(cors).toMatchObject({ status: "failed", detail: expect.stringContaining("unsigned") });
    expect(cors?.hint).toMatch(/clock/);
    expect(cors?.hint).toMatch(/credentials/);
    expect(cors?.hint).toContain("AllowedOrigin");
    expect(JSON.stringify(checks)).not.toContain("not-the-secret");
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("diagnose() says that the clock is wrong where no refusal can be read, and that all else is well", async ({
  page,
  emulator,
  directory,
}) => {
  emulator.skewClock(5 * hour);
  emulator.faults.add({
    on: "InitiateMultipartUpload",
    fault: { kind: "without-cors", refusals: true },
  });
  await pickAndOpen(page, emulator, await film(directory), options);

  const { ok, checks } = await page.evaluate<Diagnosis>(() => window.ossicle.uploader.diagnose());

  const said = Object.fromEntries(checks.map(({ name, status }) => [name, status]));
  expect(said).toMatchObject({ clock: "warning", cors: "ok", credentials: "ok", permissions: "ok" });
  expect(checks.find(({ name }) => name === "clock")?.detail).toContain("300 minutes behind");
  expect(ok).toBe(true);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});
