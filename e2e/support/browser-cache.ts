/** What a page's own requests leave in the browser's cache, and what the browser then answers from it. */
import { writeFile } from "node:fs/promises";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { seededBytes } from "./files.js";
import { bucket } from "./uploading.js";

/** A picture of one pixel; what follows its end is no more looked at. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A file that a page can show, its bytes known from a seed. @returns `path` */
export async function createPicture(path: string, size: number, seed: number): Promise<string> {
  await writeFile(path, Buffer.concat([pixel, seededBytes(size - pixel.length, seed)]));
  return path;
}

/** The address of a public object, as a page would write it: that of the library's own requests, without a signature. */
export function urlOf(emulator: Emulator, key: string): string {
  return `${emulator.endpoint}/${bucket}/${key}`;
}

/** How a page may have come to keep an object: shown or fetched. */
export const looks = {
  "shown as a picture": "img",
  "fetched with CORS": "cors",
  "fetched without CORS": "no-cors",
} as const;
export type Look = (typeof looks)[keyof typeof looks];

/** Resolves when the page has all of it. */
export async function lookAt(page: Page, url: string, how: Look): Promise<void> {
  await page.evaluate(
    async ({ url, how }) => {
      if (how !== "img") {
        await (await fetch(url, { mode: how })).blob();
        return;
      }
      const picture = document.createElement("img");
      picture.src = url;
      await picture.decode();
    },
    { url, how },
  );
}

/** What a plain fetch of the page is told. @returns the status; "refused" where the browser keeps the answer from the page */
export async function plainFetch(page: Page, url: string, method: "GET" | "HEAD"): Promise<number | "refused"> {
  return await page.evaluate(
    async ({ url, method }) => {
      try {
        const response = await fetch(url, { method });
        await response.blob();
        return response.status;
      } catch {
        return "refused" as const;
      }
    },
    { url, method },
  );
}
