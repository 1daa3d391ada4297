/** `<ossicle-upload>` on a plain page: a control of its form, true in its numbers, careful with what people have. */
import AxeBuilder from "@axe-core/playwright";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { test as base, expect } from "./fixtures.js";
import { pick, rowOf, withoutKeeper } from "./support/demo-page.js";
import { openElements } from "./support/elements-page.js";
import { createFile } from "./support/files.js";
import { bucket } from "./support/uploading.js";

const MiB = 2 ** 20;
const upload = '<ossicle-upload key-prefix="uploads/" name="files" multiple></ossicle-upload>';

interface ElementsFixtures {
  readonly open: (html: string, options?: { readonly lang?: string; readonly csp?: string }) => Promise<void>;
  readonly makeFile: (name: string, size?: number, seed?: number) => Promise<string>;
  readonly problems: string[];
}

const test = base.extend<ElementsFixtures>({
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      await use(problems);
      // The browser itself reports each answer that refuses.
      expect(problems.filter((problem) => !/net::ERR_|status of 4/.test(problem))).toEqual([]);
    },
    { auto: true },
  ],
  open: async ({ page, pageServer, emulator }, use) => {
    await use(async (html, options) => {
      await openElements(page, pageServer, emulator, html, options);
    });
  },
  makeFile: async ({ directory }, use) => {
    await use((name, size = 1000, seed = 1) => createFile(`${directory}/${name}`, { size, seed }));
  },
});

async function isStored(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of names) await expect(rowOf(page, name)).toHaveAttribute("data-phase", "completed");
}

function storedKeys(emulator: Emulator): readonly string[] {
  return emulator
    .objects(bucket)
    .map(({ key }) => key)
    .sort();
}

function holdAll(emulator: Emulator, after = 0) {
  const fault = { kind: "hold", when: "before-effect" } as const;
  return emulator.faults.add({ on: ["UploadPart", "PutObject", "PostObject"], after, times: "always", fault });
}

async function valuesOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() =>
    new FormData(document.querySelector("form") ?? undefined).getAll("files").map(String),
  );
}

async function violations(page: Page): Promise<unknown> {
  const { violations: found } = await new AxeBuilder({ page }).disableRules(["page-has-heading-one"]).analyze();
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

const form = (attributes: string, before = "", after = "") => `
<form method="get" action="about:blank#">
  ${before}<ossicle-upload key-prefix="uploads/" name="files" multiple ${attributes}></ossicle-upload>${after}
  <button>Send</button> <button type="reset">Empty</button>
</form>`;

/** Counts what the form was sent with, instead of leaving the page. */
async function watchForm(page: Page): Promise<() => Promise<readonly (readonly string[])[]>> {
  await page.evaluate(() => {
    const sent: string[][] = [];
    Object.assign(window, { sent });
    document.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
      sent.push(new FormData(event.target as HTMLFormElement).getAll("files").map(String));
    });
  });
  return () => page.evaluate(() => (window as unknown as { sent: string[][] }).sent);
}

test("a form gets one entry for each file that is stored, none for what is not, and reset empties it", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await open(form("required"));
  const sent = await watchForm(page);
  await page.getByRole("button", { name: "Send" }).click();
  expect(await sent()).toEqual([]);
  expect(await page.locator("ossicle-upload").evaluate((node) => node.matches(":invalid"))).toBe(true);

  await pick(page, await makeFile("a.bin"), await makeFile("b.bin", 1000, 2));
  await isStored(page, "a.bin", "b.bin");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Send" }).click();
  expect(await sent()).toEqual([["uploads/a.bin", "uploads/b.bin"]]);

  await page.getByRole("button", { name: "Empty" }).click();
  await expect(page.getByTestId("uploads-section")).toBeHidden();
  expect(await valuesOf(page)).toEqual([]);
  expect(storedKeys(emulator)).toEqual(["uploads/a.bin", "uploads/b.bin"]);
});

test("a form cannot be sent half-way; with submit-when-done it is sent once, when the files are there", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await open(form("submit-when-done"));
  const sent = await watchForm(page);
  const held = holdAll(emulator);
  await pick(page, await makeFile("a.bin"));
  await expect(rowOf(page, "a.bin")).toBeVisible();
  const element = page.locator("ossicle-upload");
  expect(await element.evaluate((node) => (node as HTMLInputElement).validationMessage)).toBe(
    "Files are still being uploaded.",
  );
  // Somebody who only asks does not send.
  await page.evaluate(() => document.querySelector("form")?.checkValidity());
  await expect(page.getByTestId("sending")).toBeHidden();

  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByTestId("sending")).toBeVisible();
  expect(await sent()).toEqual([]);
  held.remove();

  await expect.poll(sent).toEqual([["uploads/a.bin"]]);
});

test("a form with a picked file cannot be sent before the list is loaded, either", async ({ page, open, makeFile }) => {
  let load = () => {};
  const loads = new Promise<void>((resolve) => {
    load = resolve;
  });
  await page.route(/\/views[^/]*\.js$/, async (route) => {
    await loads;
    await route.continue();
  });
  await open(form(""));
  const element = page.locator("ossicle-upload");
  const message = () => element.evaluate((node) => (node as HTMLInputElement).validationMessage);
  expect(await message()).toBe("");

  await pick(page, await makeFile("a.bin"));
  await expect.poll(message).toBe("Files are still being uploaded.");
  load();

  await isStored(page, "a.bin");
  expect(await message()).toBe("");
});

test("in a disabled fieldset nothing can be added, and nothing is sent with the form", async ({
  page,
  open,
  makeFile,
}) => {
  await open(form("required", "<fieldset>", "</fieldset>"));
  await pick(page, await makeFile("a.bin"));
  await isStored(page, "a.bin");

  await page.locator("form > fieldset").evaluate((fieldset) => fieldset.setAttribute("disabled", ""));

  await expect(page.getByTestId("files")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Details of a.bin" })).toBeDisabled();
  expect(await valuesOf(page)).toEqual([]);
  await page.locator("form > fieldset").evaluate((fieldset) => fieldset.removeAttribute("disabled"));
  expect(await valuesOf(page)).toEqual(["uploads/a.bin"]);
});

test("a second file of the same name asks first, whether the list has the name or the bucket", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await open(upload);
  await pick(page, await makeFile("a.bin", 1000, 1));
  await isStored(page, "a.bin");
  await pick(page, await makeFile("a.bin", 2000, 2));
  await expect(page.getByTestId("same-name")).toContainText("a.bin is in the list already");
  expect(emulator.object(bucket, "uploads/a.bin")?.size).toBe(1000);

  await page.getByRole("button", { name: "Keep both" }).click();
  await expect.poll(() => storedKeys(emulator)).toEqual(["uploads/a (2).bin", "uploads/a.bin"]);
  await page.getByRole("button", { name: "Clear finished" }).click();
  await expect(page.getByTestId("uploads-section")).toBeHidden();

  await pick(page, await makeFile("a.bin", 3000, 3), await makeFile("a (2).bin", 4000, 4));
  await expect(page.getByTestId("same-name")).toContainText(/There is a file a( \(2\))?\.bin already/);
  await expect(page.getByTestId("same-all")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByTestId("same-all").check();
  await page.getByRole("button", { name: "Replace" }).click();

  await expect.poll(() => emulator.object(bucket, "uploads/a.bin")?.size).toBe(3000);
  await expect.poll(() => emulator.object(bucket, "uploads/a (2).bin")?.size).toBe(4000);
  await expect(page.getByTestId("same-name")).toBeHidden();
});

test("a file that is skipped leaves the list, and the one in the bucket is as it was", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await open(upload);
  await pick(page, await makeFile("a.bin", 1000, 1));
  await isStored(page, "a.bin");
  await page.getByRole("button", { name: "Clear finished" }).click();
  await pick(page, await makeFile("a.bin", 2000, 2));

  await page.getByRole("button", { name: "Skip" }).click();

  await expect(page.getByTestId("uploads-section")).toBeHidden();
  expect(emulator.object(bucket, "uploads/a.bin")?.size).toBe(1000);
  // The keyboard is where files are added, not at the top of the page.
  await expect(page.getByTestId("files")).toBeFocused();
});

test("a cancel can be undone, and a reload meanwhile leaves the upload paused", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await withoutKeeper(page);
  await open(upload);
  const held = holdAll(emulator, 2);
  const path = await makeFile("film.bin", 6 * MiB);
  await pick(page, path);
  const row = rowOf(page, "film.bin");
  await expect(row).toHaveAttribute("data-phase", "uploading");
  await expect(row.getByTestId("upload-parts")).toHaveAccessibleName(/\b2 stored now/);

  await page.getByRole("button", { name: "Cancel film.bin" }).press("Enter");
  await expect(row).toHaveAttribute("data-phase", "cancelling");
  await expect(page.getByRole("button", { name: "Undo: go on with film.bin" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(row).toHaveAttribute("data-phase", "uploading");
  await page.getByRole("button", { name: "Cancel film.bin" }).click();
  await expect(row).toHaveAttribute("data-phase", "cancelling");
  await page.reload();

  await expect(page.getByTestId("pending")).toHaveCount(1);
  expect(emulator.uploads(bucket)).toHaveLength(1);
  held.remove();
  await page.getByLabel("Pick film.bin again").setInputFiles(path);
  await isStored(page, "film.bin");
});

test("finished files stay listed after a reload with what proves them, until they are cleared", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await open(upload);
  await pick(page, await makeFile("a.bin"), await makeFile("b.bin", 1000, 2));
  await isStored(page, "a.bin", "b.bin");
  await page.reload();

  await isStored(page, "a.bin", "b.bin");
  await expect(page.getByTestId("upload").first()).toHaveAttribute("aria-label", "a.bin");
  await page.getByRole("button", { name: "Details of a.bin" }).click();
  await expect(page.getByTestId("upload-crc64")).toHaveText(emulator.object(bucket, "uploads/a.bin")?.crc64 ?? "none");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear finished" }).click();
  await page.reload();
  await expect(page.getByTestId("drop-zone")).toBeVisible();
  await expect(page.getByTestId("uploads-section")).toBeHidden();
});

test("what one user of a browser has finished is neither listed for another, nor sent with their form", async ({
  page,
  open,
  makeFile,
}) => {
  await open(form('scope="A"'));
  await pick(page, await makeFile("a.bin"));
  await isStored(page, "a.bin");

  await open(form('scope="B"'));
  await pick(page, await makeFile("b.bin", 1000, 2));
  await isStored(page, "b.bin");

  expect(await valuesOf(page)).toEqual(["uploads/b.bin"]);
  await expect(page.getByTestId("upload")).toHaveCount(1);
});

test("where nothing moves there is a sentence and a way to try now, and neither a speed nor a time", async ({
  page,
  emulator,
  open,
  makeFile,
}) => {
  await open(upload);
  const lost = emulator.faults.add({
    on: "UploadPart",
    times: "always",
    fault: { kind: "reset", when: "before-body" },
  });
  await pick(page, await makeFile("film.bin", 2 * MiB));

  await expect(page.getByTestId("still")).toContainText("Connection lost");
  await expect(page.getByTestId("uploads-sum")).not.toContainText(/\/s|left/);
  await expect(page.getByTestId("announcements")).toContainText("The connection is lost.");
  await page.getByRole("button", { name: "Try now" }).click();
  lost.remove();

  await isStored(page, "film.bin");
  await expect(page.getByTestId("still")).toBeHidden();
  await expect(page.getByTestId("sum-percent")).toHaveText("100 %");
});

test.describe("in Chinese, under a policy that allows no inline style", () => {
  test("an error says what happened and what to do, in no other language, and keeps the details for support", async ({
    page,
    emulator,
    open,
    makeFile,
  }) => {
    await open(upload, {
      lang: "zh-CN",
      csp: "default-src 'self'; script-src 'self' 'nonce-harness' 'wasm-unsafe-eval'; connect-src *; img-src data:; worker-src 'self' blob:",
    });
    emulator.faults.add({
      on: ["PostObject", "PutObject"],
      times: "always",
      fault: { kind: "error", status: 403, code: "AccessDenied" },
    });
    await pick(page, await makeFile("a.bin"));
    const row = rowOf(page, "a.bin");
    await expect(row).toContainText("没有权限在此存储文件");
    await expect(row).toContainText("请把技术详情发给对方");
    expect(await violations(page)).toEqual([]);

    await page.getByRole("button", { name: "a.bin 的详情" }).click();
    await expect(page.getByTestId("upload-error")).toBeHidden();
    await page.getByText("技术详情", { exact: true }).click();
    await expect(page.getByTestId("upload-error")).toContainText("AccessDenied");
    await page.keyboard.press("Escape");
    emulator.faults.clear();
    await page.getByRole("button", { name: "重试 a.bin" }).click();
    await isStored(page, "a.bin");
  });
});
