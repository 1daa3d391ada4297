/** A user of an app of the matrix: opens it, picks a file, and sees what becomes of it. Whether it is true is asked elsewhere. */
import { randomBytes } from "node:crypto";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Browser } from "@playwright/test";

export const bucket = "user-files";
export const account = { accessKeyId: "matrix-key-id", accessKeySecret: "matrix-key-secret" } as const;

/** Three parts and a bit. */
const size = 3 * 102_400 + 1;
/** A first visit to a development server compiles the page, on a machine that may be busy. */
const patienceMs = 300_000;

export interface Visit {
  /** How the worker was started, if one was. */
  readonly worker: "file" | "text" | "none";
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | undefined;
  /** What is not as it has to be, whatever is expected of this app. */
  readonly wrong: readonly string[];
}

export async function visit(browser: Browser, origin: string, emulator: Emulator): Promise<Visit> {
  const key = `film-${randomBytes(4).toString("hex")}.bin`;
  const store = { key, region: emulator.region, bucket, endpoint: emulator.endpoint, credentials: account };
  const context = await browser.newContext();
  context.setDefaultTimeout(patienceMs);
  try {
    const page = await context.newPage();
    const workers: string[] = [];
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("worker", (worker) => workers.push(worker.url()));
    await page.goto(`${origin}/#${encodeURIComponent(JSON.stringify(store))}`);
    const ready = page.locator("output[data-ready]");
    await ready.waitFor({ state: "attached" }).catch((cause) => {
      throw new Error(`The app did not start: ${said.join("; ")}`, { cause });
    });
    const file = { name: "film.bin", mimeType: "", buffer: randomBytes(size) };
    await page.locator("input").setInputFiles(file);
    const output = page.locator("output:not(:empty)");
    await output.waitFor().catch((cause) => {
      throw new Error(`The upload did not end: ${said.join("; ")}`, { cause });
    });
    const outcome = JSON.parse((await output.textContent()) ?? "");
    const asked = await page.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));

    const worker = workers.length === 0 ? "none" : workers.at(-1)?.startsWith("blob:") ? "text" : "file";
    if (outcome.name !== undefined) return { worker, error: outcome, wrong: [] };
    const object = emulator.objects(bucket).find((entry) => entry.key === key);
    const wrong = [
      ...(worker === "none" ? ["no worker was started"] : []),
      ...(page.workers().length === 0 ? ["no worker was alive in the end"] : []),
      ...(asked.some((url) => url.startsWith(emulator.endpoint)) ? ["the page itself sent requests"] : []),
      ...(outcome.verified === "crc64" ? [] : [`verified: ${outcome.verified}`]),
      ...(object?.size === size && object.partCount === 4
        ? []
        : [`stored: ${object?.size} bytes, ${object?.partCount} parts`]),
    ];
    return { worker, error: undefined, wrong };
  } finally {
    await context.close();
  }
}
