/** The recipes, run as they stand in real frameworks and user interface kits: progress, pause, and on after a reload. */
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Locator, Page } from "@playwright/test";
import { bundleRecipe, type Recipe } from "../demo/recipes/test/bundle-recipe.js";
import { test as base, expect } from "./fixtures.js";
import { libraryDirectory } from "./support/build-library.js";
import { createFile, sha256Of } from "./support/files.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { readBody, type ScriptedServer } from "./support/scripted-server.js";
import { account, bucket } from "./support/uploading.js";

const size = 40 * 2 ** 20;
const key = "uploads/film.bin";
const refusal = { kind: "error", status: 403, code: "AccessDenied" } as const;

interface Fixtures {
  /** A site made of one recipe for the page, and the one for the server. */
  readonly open: (recipe: Recipe) => Promise<ScriptedServer>;
  readonly problems: string[];
}

const test = base.extend<Fixtures>({
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
  open: async ({ page, emulator, directory, serve }, use) => {
    await use(async (recipe) => {
      const [script, sign] = await Promise.all([
        bundleRecipe(recipe, emulator.endpoint),
        signHandler(emulator, join(directory, "server.mjs")),
      ]);
      const files: Readonly<Record<string, readonly [string, string]>> = {
        "/": ["text/html; charset=utf-8", '<!doctype html><title>Recipe</title><link rel="icon" href="data:,"><body>'],
        "/recipe.js": ["text/javascript", script],
        "/worker.js": ["text/javascript", await readFile(join(libraryDirectory(), "worker.js"), "utf8")],
      };
      const site = await serve(async (request, response) => {
        if (request.url === "/api/sign") {
          const signed = await sign(await webRequest(request));
          response.writeHead(signed.status, [...signed.headers].flat()).end(await signed.text());
          return;
        }
        const [type, text] = files[request.url ?? ""] ?? ["text/plain", "not found"];
        response.writeHead(200, { "content-type": type }).end(text);
      });
      await page.addInitScript(() => {
        // No headless browser has a picker; an input can be given a file.
        Reflect.deleteProperty(window, "showOpenFilePicker");
        // Nobody keeps the file over a reload: the user picks it again.
        Reflect.deleteProperty(window, "SharedWorker");
      });
      await load(page, site);
      return site;
    });
  },
});

async function load(page: Page, site: ScriptedServer): Promise<void> {
  await page.goto(`${site.origin}/`);
  await page.addScriptTag({ type: "module", url: "/recipe.js" });
}

async function signHandler(emulator: Emulator, file: string): Promise<(request: Request) => Promise<Response>> {
  process.env.OSS_KEY_ID = account.accessKeyId;
  process.env.OSS_KEY_SECRET = account.accessKeySecret;
  await writeFile(file, await bundleRecipe("server", emulator.endpoint));
  const { POST } = await import(pathToFileURL(file).href);
  return POST;
}

async function webRequest(request: IncomingMessage): Promise<Request> {
  return new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method ?? "GET",
    body: new Uint8Array(await readBody(request)),
  });
}

async function pick(page: Page, button: string, path: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: button }).click(),
  ]);
  await chooser.setFiles(path);
}

function holdFrom(emulator: Emulator, after: number) {
  const fault = { kind: "hold", when: "before-effect" } as const;
  return emulator.faults.add({ on: "UploadPart", after, times: "always", fault });
}

function sentTwice(emulator: Emulator): readonly (number | undefined)[] {
  const stored = emulator.requests
    .filter(({ action, status }) => action === "UploadPart" && status === 200)
    .map(({ partNumber }) => partNumber);
  return stored.filter((number, at) => stored.indexOf(number) !== at);
}

for (const recipe of ["react", "vue", "svelte"] as const) {
  test(`${recipe}: progress is drawn, and after a reload the upload goes on`, async ({
    page,
    emulator,
    directory,
    open,
  }) => {
    const path = await createFile(join(directory, "film.bin"), { size, seed: 1 });
    const held = holdFrom(emulator, 1);
    const site = await open(recipe);

    await pick(page, "Choose files", path);
    const shown = () => page.getByRole("progressbar", { name: key }).evaluate((bar: HTMLProgressElement) => bar.value);
    await expect.poll(shown).toBeGreaterThan(0);
    expect(await shown()).toBeLessThan(0.5);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByRole("listitem")).toContainText("paused");
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(page.getByRole("listitem")).toContainText("uploading");
    await load(page, site);
    held.remove();
    await pick(page, "Continue film.bin", path);

    await expect(page.getByRole("listitem")).toContainText("completed");
    await expect(page.getByRole("button", { name: /Continue|Pause|Resume/ })).toHaveCount(0);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(sentTwice(emulator)).toEqual([]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`${recipe}: a failure is told in its words, and Resume goes on from it`, async ({
    page,
    emulator,
    directory,
    open,
  }) => {
    const path = await createFile(join(directory, "film.bin"), { size, seed: 2 });
    const refused = emulator.faults.add({ on: "CompleteMultipartUpload", times: "always", fault: refusal });
    await open(recipe);

    await pick(page, "Choose files", path);
    await expect(page.getByRole("listitem")).toContainText("AccessDenied");
    refused.remove();
    await page.getByRole("button", { name: "Resume" }).click();

    await expect(page.getByRole("listitem")).toContainText("completed");
    expect(sentTwice(emulator)).toEqual([]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}

test("plain: the twenty lines go on where the page before was, and say what is proved", async ({
  page,
  emulator,
  directory,
  open,
}) => {
  const path = await createFile(join(directory, "film.bin"), { size, seed: 3 });
  const held = holdFrom(emulator, 1);
  const site = await open("plain");

  await pick(page, "Choose files", path);
  await expect(page.locator("p")).toContainText(/uploading, \d+ %/);
  await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);
  await load(page, site);
  held.remove();
  await pick(page, "Choose files", path);

  await expect(page.locator("p")).toContainText(`verified: crc64 ${emulator.object(bucket, key)?.crc64 ?? ""}`);
  expect(sentTwice(emulator)).toEqual([]);
  expect(await leftBehind(page, emulator)).toEqual(nothing);
});

/** How a kit shows a row, and what its user clicks. */
interface Kit {
  readonly row: string;
  /** Within the row, once the object is there. */
  readonly completed: string;
  readonly goOn: (row: Locator) => Promise<void>;
  readonly remove: (row: Locator) => Promise<void>;
}

const clickName = (row: Locator) => row.getByText("film.bin").first().click();

const kits: Partial<Record<Recipe, Kit>> = {
  "element-plus": {
    row: ".el-upload-list__item",
    completed: "xpath=self::*[contains(@class, 'is-success')]",
    goOn: clickName,
    remove: (row) => row.locator(".el-icon--close").click(),
  },
  "naive-ui": {
    row: ".n-upload-file",
    completed: "xpath=self::*[contains(@class, 'success')]",
    goOn: (row) => row.locator("button").last().click(),
    remove: (row) => row.locator("button").first().click(),
  },
  tdesign: {
    row: ".t-upload div:has(> .t-progress)",
    completed: "xpath=self::*[not(contains(., 'Pause')) and not(contains(., 'Continue'))]",
    goOn: (row) => row.getByRole("button", { name: "Continue" }).click(),
    remove: (row) => row.getByRole("button", { name: "Remove" }).click(),
  },
  vant: {
    row: ".van-uploader__preview",
    completed: "text=100 %",
    goOn: (row) => row.getByRole("button", { name: "Continue" }).click(),
    remove: (row) => row.getByRole("button", { name: "Remove" }).click(),
  },
  "ant-design-vue": {
    row: ".ant-upload-list-item-container",
    completed: ".ant-upload-list-item-done",
    goOn: clickName,
    remove: (row) => row.getByTitle("Remove file").click(),
  },
};

for (const [recipe, kit] of Object.entries(kits) as [Recipe, Kit][]) {
  test(`${recipe}: a row shows a file; after a reload the user goes on with it, and takes it away when it is there`, async ({
    page,
    emulator,
    directory,
    open,
  }) => {
    const path = await createFile(join(directory, "film.bin"), { size: 8 * 2 ** 20, seed: 4 });
    const held = holdFrom(emulator, 1);
    const site = await open(recipe);
    const row = page.locator(kit.row);

    await page.locator("input[type=file]").setInputFiles(path);
    await expect(row).toHaveCount(1);
    await expect(row).toContainText("film.bin");
    await emulator.waitForRequest(({ action, status }) => action === "UploadPart" && status === 200);
    await load(page, site);
    await expect(row).toContainText("film.bin");
    held.remove();
    await row.hover();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), kit.goOn(row)]);
    await chooser.setFiles(path);

    await expect(row.locator(kit.completed)).toBeVisible();
    await row.hover();
    await kit.remove(row);
    await expect(row).toHaveCount(0);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(path));
    expect(sentTwice(emulator)).toEqual([]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
