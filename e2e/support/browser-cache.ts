/** What a page's own requests leave in the browser's cache, and what the browser then answers from it. */
import { writeFile } from "node:fs/promises";
import { type CorsRule, defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import { expect, type Page } from "@playwright/test";
import { seededBytes } from "./files.js";
import { pickAndOpen } from "./interrupting.js";
import { bucket, type OpenOptions, resultOf, startUpload } from "./uploading.js";

/** Such as a picture of a site: everybody may see it, and browsers keep it for an hour. A test may write it anew. */
export const kept = {
  key: "picture.png",
  contentType: "image/png",
  cacheControl: "max-age=3600",
  acl: "public-read-write",
} as const;

/** A rule that names the headers it allows, as a careful bucket's does. `cache-control` is none of them. */
export const listedHeaders: readonly CorsRule[] = defaultCorsRules.map((rule) => ({
  ...rule,
  allowedHeaders: ["authorization", "content-md5", "content-type", "x-oss-*"],
}));

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
function urlOf(emulator: Emulator, key: string): string {
  return `${emulator.endpoint}/${bucket}/${key}`;
}

/** How a page may have come to keep an object: shown or fetched. */
export const looks = {
  "shown as a picture": "img",
  "fetched with CORS": "cors",
  "fetched without CORS": "no-cors",
} as const;
type Look = (typeof looks)[keyof typeof looks];

/** Resolves when the page has all of it. */
async function lookAt(page: Page, url: string, how: Look): Promise<void> {
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
async function plainFetch(page: Page, url: string, method: "GET" | "HEAD"): Promise<number | "refused"> {
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

/**
 * Picks the file, uploads it as the object, has the page look at that, and sees to it that the browser would now answer for the store:
 * a HEAD of the page does not reach it. Chromium answers that from what it keeps of a GET, Firefox from an earlier HEAD.
 */
export async function keepInBrowser(
  page: Page,
  emulator: Emulator,
  path: string,
  how: Look,
  options: OpenOptions,
): Promise<void> {
  await pickAndOpen(page, emulator, path, options);
  await resultOf(page, await startUpload(page, kept));
  const url = urlOf(emulator, kept.key);
  await lookAt(page, url, how);
  await plainFetch(page, url, "HEAD");
  emulator.clearRequests();

  await plainFetch(page, url, "HEAD");
  expect(emulator.requests).toEqual([]);
}

/** The same for the listing of an upload's parts, which the service gives no browser to keep: here it names none. */
export async function keepListing(page: Page, emulator: Emulator, key: string): Promise<void> {
  const [upload] = emulator.uploads(bucket);
  const listing = `${urlOf(emulator, key)}?encoding-type=url&max-parts=1000&uploadId=${upload?.uploadId}`;
  const body = "<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>";
  const headers = { "content-type": "application/xml", "cache-control": "max-age=3600" };
  emulator.faults.add({ on: "ListParts", fault: { kind: "stranger", body, headers } });
  await plainFetch(page, listing, "GET");
  const listings = () => emulator.requests.filter(({ action }) => action === "ListParts");
  expect([await plainFetch(page, listing, "GET"), listings().length]).toEqual([200, 1]);
}

/** By somebody else: not by way of this browser. */
export async function change(emulator: Emulator, method: "PUT" | "DELETE", body?: Buffer<ArrayBuffer>): Promise<void> {
  const { contentType, cacheControl, acl } = kept;
  const headers = { "content-type": contentType, "cache-control": cacheControl, "x-oss-object-acl": acl };
  const { ok } = await fetch(urlOf(emulator, kept.key), { method, ...(body === undefined ? {} : { body, headers }) });
  expect(ok).toBe(true);
  emulator.clearRequests();
}
