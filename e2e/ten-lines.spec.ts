/** What a stranger meets first: the ten lines of the README, as they are pasted, and a bucket that wants a domain of its own. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import type { PendingUpload, UploadState } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { createFile, sha256Of } from "./support/files.js";
import { withoutSharedWorkers } from "./support/keeping.js";
import { account, bucket, customDomain, finished, openUploader, startUpload } from "./support/uploading.js";

declare global {
  interface Window {
    seen: UploadState[];
    offered: string[];
    userId: string;
    render: (state: UploadState) => void;
    offerToResume: (pending: PendingUpload) => void;
  }
}

/** The first sample in TypeScript of a document. What it has of TypeScript is JavaScript too. */
async function tenLinesOf(document: string): Promise<string> {
  const text = await readFile(new URL(`../${document}`, import.meta.url), "utf8");
  const [, code] = /^```ts\n(import \{ createUploader[\s\S]*?)^```$/m.exec(text) ?? [];
  if (code === undefined) throw new Error(`${document} has no lines to paste`);
  return code;
}

/** The page of a reader, who has a file input, a user, and something that draws. */
async function paste(page: Page, code: string): Promise<void> {
  await page.evaluate(() => {
    window.seen = [];
    window.offered = [];
    window.userId = "u1";
    window.render = (state) => window.seen.push(state);
    window.offerToResume = ({ file }) => window.offered.push(file.name);
    const input = document.querySelector("input");
    if (input !== null) input.id = "input";
  });
  await page.addScriptTag({ type: "module", content: code });
  await page.waitForFunction(() => document.querySelector("input")?.onchange !== null);
}

for (const document of ["README.md", "README.zh-CN.md", "packages/core/README.md"]) {
  test(`the ten lines of ${document} store a file as they are pasted, and offer it after a reload`, async ({
    launchProfile,
    pageServer,
    emulator,
    directory,
  }) => {
    const code = await tenLinesOf(document);
    // Port 9000 may be taken on this machine: the browser alone believes that the emulator is there.
    const to = `127.0.0.1:${emulator.port}`;
    const there = `--host-resolver-rules=MAP ${bucket}.localhost:9000 ${to}, MAP localhost:9000 ${to}`;
    const page = await (await launchProfile({ args: [there] }).launch()).newPage();
    // Where a shared worker keeps files nothing is left to offer: the upload goes on by itself.
    await page.addInitScript(withoutSharedWorkers);
    const film = await createFile(join(directory, "film.bin"), { size: 3_000_000, seed: 5 });
    const held = emulator.faults.add({ on: "UploadPart", fault: "hold", after: 2, times: "always" });
    await page.goto(pageServer.page());
    await paste(page, code);
    await page.setInputFiles("input", film);
    await held.waitForHit();

    await page.reload();
    held.remove();
    await paste(page, code);
    await expect.poll(() => page.evaluate(() => window.offered)).toEqual(["film.bin"]);
    const said = page.waitForEvent("console", (message) => message.text().includes("crc64"));
    await page.setInputFiles("input", film);

    const text = (await said).text();
    const [key = ""] = emulator.objects(bucket).map((object) => object.key);
    expect(key).toMatch(/^videos\/u1\/\d+\/film\.bin$/);
    expect(text).toBe(`http://${bucket}.localhost:9000/${key} crc64`);
    expect(await emulator.sha256(bucket, key)).toBe(await sha256Of(film));
    expect(await page.evaluate(() => window.seen.at(-1)?.phase)).toBe("completed");
  });
}

test("a mainland bucket that wants a domain of its own says so in the error and in a diagnosis, and takes files by it", async ({
  launchProfile,
  pageServer,
  directory,
}) => {
  const buckets = [{ name: bucket, domains: [customDomain], ownDomainOnly: true }];
  const emulator = await startEmulator({ data: join(directory, "own-domain"), buckets, accounts: [account] });
  const mapped = `--host-resolver-rules=MAP *.oss-cn-hangzhou.aliyuncs.com:80 127.0.0.1:${emulator.port}`;
  const page = await (await launchProfile({ args: [mapped] }).launch()).newPage();
  await page.goto(pageServer.page());
  await openUploader(page, emulator, { endpoint: "http://oss-cn-hangzhou.aliyuncs.com" });

  await startUpload(page, { key: "a" }, { blob: "bytes" });
  const refused = await finished(page);
  const { ok, checks } = await page.evaluate(() => window.ossicle.uploader.diagnose());
  await openUploader(page, emulator, { endpoint: `http://${customDomain}:${emulator.port}`, addressing: "cname" });
  await startUpload(page, { key: "a" }, { blob: "bytes" });
  const stored = await finished(page);

  const named = expect.stringMatching(
    /oss:PutObject on[\s\S]*accounts opened after 2025-03-20[\s\S]*addressing: "cname"/,
  );
  expect(refused).toHaveProperty("error.serverCode", "EmulatorOwnDomainOnly");
  expect(refused).toHaveProperty("error.hint", named);
  expect(ok).toBe(false);
  expect(checks).toContainEqual(expect.objectContaining({ name: "permissions", status: "failed", hint: named }));
  expect(stored).toHaveProperty("result.url", `http://${customDomain}:${emulator.port}/a`);
  await emulator.close();
});
