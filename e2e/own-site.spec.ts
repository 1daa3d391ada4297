/**
 * The app's own site was given as the endpoint: a server that has never heard of OSS, and answers 200 to everything, in words of its own.
 * Nothing is completed there, whatever it says.
 */
import type { UploadOptions } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { pickBoth } from "./support/fault-scenes.js";
import { partSize } from "./support/interrupting.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { readBody } from "./support/scripted-server.js";
import { asHtml, html, integrities } from "./support/strangers.js";
import { finished, openUploader, startUpload } from "./support/uploading.js";

interface Site {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const md5OfNothing = "d41d8cd98f00b204e9800998ecf8427e";
const sites: Readonly<Record<string, Site>> = {
  nothing: {},
  "its start page": { headers: asHtml, body: html },
  "its start page, dated now": { headers: { ...asHtml, "last-modified": new Date().toUTCString() }, body: html },
  "nothing, under an ETag of its own": { headers: { etag: 'W/"5f-abc"' } },
  "nothing, under an ETag of its own, dated tomorrow": {
    headers: { etag: 'W/"5f-abc"', "last-modified": new Date(Date.now() + 86_400_000).toUTCString() },
  },
  "nothing, under the MD5 of nothing": { headers: { etag: `"${md5OfNothing}"` } },
  "nothing, under the CRC-64 of nothing": { headers: { "x-oss-hash-crc64ecma": "0" } },
  "JSON, although nobody asked": { headers: { "content-type": "application/json" }, body: '{"ok":true}' },
};

for (const [what, { headers = {}, body = "" }] of Object.entries(sites)) {
  test(`a site that answers every request with 200 and ${what} has stored nothing`, async ({
    page,
    pageServer,
    emulator,
    directory,
    serve,
  }) => {
    const site = await serve(async (request, response) => {
      await readBody(request);
      response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : body);
    });
    const callback = { url: `${site.origin}/uploaded`, body: "a=1" };
    const asked: readonly UploadOptions[] = [
      { key: "a" },
      { key: "b", callback },
      { key: "c", ifExists: "skip-identical" },
    ];
    const retry = { baseDelayMs: 5, maxDelayMs: 20, giveUpAfterMs: 50 };
    for (const integrity of integrities) {
      await page.goto(pageServer.page());
      await pickBoth(page, directory);
      await openUploader(page, emulator, { partSize, integrity, endpoint: site.origin, retry });

      const begun = asked.flatMap((options) => [0, 1].map((input) => ({ options, input })));
      for (const { options, input } of begun) await startUpload(page, options, { input });

      for (const [index, one] of begun.entries()) {
        expect({ integrity, ...one, ...(await finished(page, index)) }).toMatchObject({
          ...one,
          error: { code: "server", temporary: true, hint: expect.stringContaining("Is the endpoint the bucket's") },
        });
      }
    }
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
