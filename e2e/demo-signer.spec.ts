/** The demo without a key in the page: its server signs each request, and hands out nothing that could sign another. */
import type { Response } from "@playwright/test";
import { bucket, expect, isReady, MiB, pick, rowOf, test } from "./support/demo-page.js";
import { sha256Of } from "./support/files.js";

interface Signed {
  readonly url: string;
}

/** Words that no answer to a page without a key may hold, however it spells them. */
const credential = /secret|security-?token/i;

test("with ?auth=signer a file goes up, and no credential is in any answer to the page", async ({
  page,
  demo,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin", { size: 20 * MiB });
  const answers: Response[] = [];
  page.on("response", (response) => answers.push(response));
  await page.goto(new URL("?auth=signer", demo.url).href);
  await isReady(page);

  await pick(page, path);
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");

  // The page's own code, which knows the words, comes from the same server.
  const data = answers.filter((answer) => !/javascript|html|css/.test(answer.headers()["content-type"] ?? ""));
  const texts = await Promise.all(data.map(async (answer) => answer.url() + (await answer.text().catch(() => ""))));
  const batches = await Promise.all(
    data
      .filter((answer) => answer.url().endsWith("/api/sign"))
      .map(async (answer) => (await answer.json()) as Signed[]),
  );
  expect(texts.filter((text) => credential.test(text))).toEqual([]);
  expect(answers.filter((answer) => answer.url().endsWith("/api/sts"))).toEqual([]);
  const asked = demo.emulator.requests.filter(({ action }) => action !== "Preflight");
  expect(asked.length).toBeGreaterThan(2);
  expect(batches.flat()).toHaveLength(asked.length);
  for (const signed of batches.flat()) {
    expect(Object.keys(signed).sort()).toEqual(["expiresAt", "url"]);
    expect(signed.url).toContain("x-oss-signature=");
  }
  expect(await demo.emulator.sha256(bucket, "uploads/holiday.bin")).toBe(await sha256Of(path));
});

test("a file that fits one request is signed for once", async ({ page, demo, makeFile }) => {
  const signing: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/sign")) signing.push(request.postData() ?? "");
  });
  await page.goto(new URL("?auth=signer", demo.url).href);
  await isReady(page);

  await pick(page, await makeFile("note.bin", { size: MiB / 8 }));
  await expect(rowOf(page, "note.bin")).toHaveAttribute("data-phase", "completed");

  expect(signing.filter((batch) => /"P(ut|ost)Object"/.test(batch))).toHaveLength(1);
});

test("an empty file goes up under a signature of its length, which the browser states", async ({
  page,
  demo,
  makeFile,
}) => {
  await page.goto(new URL("?auth=signer", demo.url).href);
  await isReady(page);

  await pick(page, await makeFile("nothing.bin", { size: 0 }));
  await expect(rowOf(page, "nothing.bin")).toHaveAttribute("data-phase", "completed");

  expect(demo.emulator.object(bucket, "uploads/nothing.bin")?.size).toBe(0);
});

test("the demo's server signs for its own prefix alone, and for pages of its own alone", async ({ page, demo }) => {
  const put = (key: string) => [{ action: "PutObject", method: "PUT", bucket, key, query: {}, headers: {} }];
  const ask = async (key: string, type = "application/json") => {
    const answer = await page.request.post(new URL("/api/sign", demo.url).href, {
      headers: { "Content-Type": type },
      data: JSON.stringify(put(key)),
    });
    return answer.status();
  };

  expect(await ask("uploads/mine.bin")).toBe(200);
  expect(await ask("somebody/else.bin")).toBe(403);
  expect(await ask("uploads/mine.bin", "text/plain")).toBe(400);
});
