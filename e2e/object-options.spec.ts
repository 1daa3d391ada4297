/** What was asked of an object is what the object is, whether it went up whole or in parts; callbacks and older objects included. */
import type { UploadOptions } from "../packages/core/src/index.js";
import { expect, test } from "./fixtures.js";
import { leftBehind, nothing } from "./support/left-behind.js";
import { readBody } from "./support/scripted-server.js";
import { bucket, finished, resultOf, startUpload, storedParts } from "./support/uploading.js";

const partSize = 102_400;
const key = "films/ä ö.bin";
const shapes = { "in three parts": 2 * partSize + 1, "in one request": partSize };

const asked: UploadOptions = {
  key,
  contentType: "video/mp4",
  cacheControl: "max-age=60, private",
  contentDisposition: "attachment; filename*=UTF-8''%E7%89%87.mp4",
  contentEncoding: "identity",
  expires: new Date(Date.UTC(2030, 0, 2, 3, 4, 5)),
  metadata: { Owner: "ada", title: "Größe 片" },
  tags: { project: "film & more", empty: "" },
  acl: "public-read",
  storageClass: "IA",
  encryption: { algorithm: "KMS", kmsKeyId: "9468da86-3509-4f8d-a61e-6eab1eac" },
};

for (const [how, size] of Object.entries(shapes)) {
  test(`an object that goes up ${how} is all that was asked for`, async ({ page, emulator, openWithFile }) => {
    await openWithFile({ size, seed: 1 }, { partSize });

    await resultOf(page, await startUpload(page, asked));

    const object = emulator.object(bucket, key);
    expect(object).toMatchObject({
      headers: {
        "content-type": "video/mp4",
        "cache-control": "max-age=60, private",
        "content-disposition": "attachment; filename*=UTF-8''%E7%89%87.mp4",
        "content-encoding": "identity",
        expires: "Wed, 02 Jan 2030 03:04:05 GMT",
      },
      acl: "public-read",
      storageClass: "IA",
      encryption: {
        "x-oss-server-side-encryption": "KMS",
        "x-oss-server-side-encryption-key-id": "9468da86-3509-4f8d-a61e-6eab1eac",
      },
    });
    expect(object?.metadata.owner).toBe("ada");
    expect(decodeURIComponent(object?.metadata.title ?? "")).toBe("Größe 片");
    expect(Object.fromEntries(new URLSearchParams(object?.tagging))).toEqual({ project: "film & more", empty: "" });
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`a callback after a file that went up ${how} reaches the server, and its answer the app`, async ({
    page,
    emulator,
    serve,
    openWithFile,
  }) => {
    const bodies: string[] = [];
    const server = await serve(async (request, response) => {
      bodies.push((await readBody(request)).toString());
      response.setHeader("content-type", "application/json").end('{"saved":7}');
    });
    await openWithFile({ size, seed: 2 }, { partSize });
    const callback = {
      url: `${server.origin}/uploaded`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the service fills it in
      body: '{"key":${object},"size":${size},"user":${x:user}}',
      contentType: "application/json",
      variables: { user: "ada" },
    } as const;

    const result = await resultOf(page, await startUpload(page, { key, callback }));

    expect(result).toMatchObject({ verified: "crc64", callback: { status: 200, body: '{"saved":7}' } });
    expect(server.requests).toMatchObject([{ method: "POST", path: "/uploaded" }]);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([{ key, size, user: "ada" }]);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`a callback that fails after a file that went up ${how} is told apart: the object is kept`, async ({
    page,
    emulator,
    serve,
    openWithFile,
  }) => {
    const server = await serve((_request, response) => void response.writeHead(500).end("out of order"));
    await openWithFile({ size, seed: 3 }, { partSize });

    await startUpload(page, { key, callback: { url: server.origin, body: "a=1" } });
    const outcome = await finished(page);

    expect(outcome).toMatchObject({ error: { code: "callback-failed", status: 203, resumable: false } });
    expect(emulator.object(bucket, key)).toMatchObject({ size });
    expect(server.requests).toHaveLength(1);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });

  test(`an older object is left alone by "forbid", recognised by "skip-identical", replaced otherwise, ${how}`, async ({
    page,
    emulator,
    openWithFile,
  }) => {
    await openWithFile({ size, seed: 4 }, { partSize });
    await resultOf(page, await startUpload(page, { key }));
    const older = emulator.object(bucket, key);
    const sent = storedParts(emulator).length;

    const forbidden = await finished(page, await startUpload(page, { key, ifExists: "forbid" }));
    const skipped = await resultOf(page, await startUpload(page, { key, ifExists: "skip-identical" }));
    const untouched = emulator.object(bucket, key);
    const sentAgain = storedParts(emulator).length - sent;
    await openWithFile({ size, seed: 5 }, { partSize });
    const other = await resultOf(page, await startUpload(page, { key, ifExists: "skip-identical" }));

    expect(forbidden).toMatchObject({ error: { code: "already-exists", temporary: false } });
    expect(skipped).toMatchObject({ alreadyStored: true, sentBytes: 0, verified: "crc64", crc64: older?.crc64 });
    expect(untouched).toEqual(older);
    expect(sentAgain).toBe(0);
    expect(other).toMatchObject({ alreadyStored: false, sentBytes: size });
    expect(emulator.object(bucket, key)?.crc64).toBe(other.crc64);
    expect(await leftBehind(page, emulator)).toEqual(nothing);
  });
}
