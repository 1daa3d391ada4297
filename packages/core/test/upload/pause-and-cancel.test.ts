/** An upload that its app pauses, cancels, stops by a signal or closes. */
import { describe, expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import { Universe } from "../world/page.js";
import { bytes, half, key, open, stored, tenParts, when } from "../world/scene.js";

describe("pause", () => {
  test("stops the bytes and keeps what is stored; resume sends the rest and nothing twice", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    await page.live(upload.pause());
    const callsAtRest = universe.server.calls.length;
    await page.live(new Promise((resolve) => setImmediate(resolve)));
    const atRest = upload.state;
    upload.resume();
    const result = await page.live(upload.finished);

    expect(atRest.phase).toBe("paused");
    expect(universe.server.calls.length).toBeGreaterThan(callsAtRest);
    expect(universe.server.count("UploadPart")).toBe(10);
    expect(result).toMatchObject({ resumedBytes: 0, verified: "crc64", alreadyStored: false });
    expect(stored(universe)).toEqual(bytes);
  });

  test("does not forget a resume that came while it was still stopping", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    const paused = upload.pause();
    upload.resume();
    await page.live(paused);
    await page.live(upload.finished);

    expect(stored(universe)).toEqual(bytes);
  });

  test("wins over a resume that came before it", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    upload.pause();
    upload.resume();
    await page.live(upload.pause());

    expect(upload.state.phase).toBe("paused");
  });
});

describe("cancel", () => {
  test("leaves neither upload id nor checkpoint, rejects with an AbortError, and is harmless twice", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    await page.live(Promise.all([upload.cancel(), upload.cancel()]));
    await page.live(upload.cancel());

    expect(upload.state.phase).toBe("cancelled");
    await expect(upload.finished).rejects.toMatchObject({ name: "AbortError" });
    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
    expect(universe.locks.heldNames).toEqual([]);
  });

  test("works while paused, and before the upload knew its own name", async () => {
    const universe = new Universe();
    const { page: earlier } = await half(universe);
    await earlier.kill();
    const page = open(universe);
    const upload = page.uploader.upload(tenParts(), { key });

    await page.live(upload.cancel());

    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });

  test("removes the checkpoint although the right to abort is missing, and says what stays behind", async () => {
    const universe = new Universe();
    universe.server.permissions.abort = false;
    const { page, upload } = await half(universe);

    await page.live(upload.cancel());

    expect(await universe.disk.checkpoints.list()).toEqual([]);
    expect(page.warnings.join()).toContain("oss:AbortMultipartUpload");
  });

  test("that cannot reach the store is carried out by a later page", async () => {
    const universe = new Universe();
    const broken = new UploadError("network", "no answer");
    const { page, upload } = await half(
      universe,
      {},
      { store: (store) => ({ ...store, abort: () => Promise.reject(broken) }) },
    );

    await page.live(upload.cancel());
    const offered = await page.live(open(universe).uploader.pending());
    const later = open(universe);
    const pending = later.uploader.pending();
    await later.live(pending);
    await later.live(later.uploader.close());
    const last = open(universe);
    await last.live(last.uploader.pending().then(() => last.uploader.close()));

    expect(offered).toEqual([]);
    expect(universe.server.uploads.size).toBe(0);
    expect(await universe.disk.checkpoints.list()).toEqual([]);
  });
});

describe("signal and close", () => {
  test("stop and keep, and the upload can be resumed", async () => {
    const universe = new Universe();
    const controller = new AbortController();
    const { page, upload } = await half(universe, { signal: controller.signal });

    controller.abort();
    const stopped = await page.live(when(upload, (state) => state.phase === "stopped"));
    const rejection = await upload.finished.catch((error: unknown) => error);
    upload.resume();
    await page.live(upload.finished);

    expect(stopped).not.toBe("dead");
    expect(rejection).toMatchObject({ name: "AbortError" });
    expect(universe.server.count("UploadPart")).toBe(10);
  });

  test("an upload whose signal was aborted before begins stopped and sends nothing", async () => {
    const universe = new Universe();
    const page = open(universe);

    const upload = page.uploader.upload(tenParts(), { key, signal: AbortSignal.abort() });

    expect(upload.state.phase).toBe("stopped");
    await expect(upload.finished).rejects.toMatchObject({ name: "AbortError" });
    expect(universe.server.calls).toEqual([]);
  });

  test("close keeps the checkpoint, and leaves no lock, timer or request behind", async () => {
    const universe = new Universe();
    const { page, upload } = await half(universe);

    await page.live(page.uploader.close());

    expect(upload.state.phase).toBe("stopped");
    expect(universe.locks.heldNames).toEqual([]);
    expect(page.clock.sleepers).toBe(0);
    expect(await universe.disk.checkpoints.list()).toHaveLength(1);
    expect(() => page.uploader.upload(tenParts(), { key })).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
