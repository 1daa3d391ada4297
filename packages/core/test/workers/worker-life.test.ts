import { describe, expect, it, vi } from "vitest";
import { createWorkerPool } from "../../src/workers/pool.js";
import type { FakeWorker, FakeWorkerOptions } from "../doubles/fake-worker.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { answer, blob, digest, inPage, never, ok, poolOf, request, settle, wanted } from "./pool-rig.js";

inPage();

describe("a worker that dies", () => {
  it.each<[string, (worker: FakeWorker) => void, RegExp]>([
    ["of an uncaught error", (worker) => worker.fail("out of memory"), /out of memory/],
    ["without a word", (worker) => worker.fail(), /died/],
    ["while it speaks", (worker) => worker.garble(), /could not be read/],
    ["of a bug", (worker) => worker.calls[0]?.breakDown(), /a bug/],
  ])(
    "%s fails its requests, so that they may be repeated, and its digest is done again by another",
    async (_, die, why) => {
      const { pool, workers, started, worker } = poolOf(1);
      const sending = pool.send(request, { signal: never });
      const failed = expect(sending).rejects.toMatchObject({
        code: "network",
        temporary: true,
        message: expect.stringMatching(why),
      });
      await (await started(0)).arrived(1);
      const digesting = pool.digest(blob("a"), wanted, { signal: never });
      await worker(0).arrived(2);

      die(worker(0));
      await failed;
      const [again] = await (await started(1)).arrived(1);
      again?.end(ok(digest));

      expect(worker(0).terminated).toBe(true);
      expect(again?.kind).toBe("digest");
      expect(await digesting).toEqual(digest);
      expect(workers).toHaveLength(2);
    },
  );

  it("by what it was given to digest is not replaced for ever", async () => {
    const { pool, workers, started, worker } = poolOf(1);
    const four = [blob("a"), blob("b"), blob("c"), blob("d")] as const;
    const failed = expect(pool.digestFour(four, wanted, { signal: never })).rejects.toMatchObject({
      code: "network",
      message: expect.stringContaining("out of memory"),
    });

    for (const index of [0, 1, 2]) {
      await (await started(index)).arrived(1);
      worker(index).fail("out of memory");
    }

    await failed;
    expect(workers).toHaveLength(3);
  });

  it("leaves the others and their calls alone", async () => {
    const { pool, started, worker } = poolOf(2);
    const sends = [pool.send(request, { signal: never }), pool.send(request, { signal: never })];
    const failed = expect(sends[0]).rejects.toMatchObject({ code: "network" });
    await (await started(0)).arrived(1);
    const [other] = await (await started(1)).arrived(1);

    worker(0).fail("gone");
    await failed;
    other?.end(ok(answer));

    expect(await sends[1]).toEqual(answer);
    expect(worker(1).terminated).toBe(false);
  });
});

describe("a worker that does not start", () => {
  const start = (pool: ReturnType<typeof createWorkerPool>) => pool.send(request, { signal: never });

  it.each<[string, FakeWorkerOptions, (worker: FakeWorker, clock: ManualClock) => void, RegExp]>([
    ["because its script does not load", { hello: undefined }, (worker) => worker.fail(), /could not be loaded/],
    ["because its script fails", { hello: undefined }, (worker) => worker.fail("x is not defined"), /x is not defined/],
    ["because its script is another", { hello: undefined }, (_, clock) => clock.advance(20_000), /hello/],
    ["because its script says other things", { hello: "ready" }, (_, clock) => clock.advance(20_000), /hello/],
    ["because it is of another version", { hello: { ossicle: 0 } }, () => {}, /version/],
  ])("%s is tried once more, then the call fails with a hint", async (_, options, happen, message) => {
    const { pool, workers, started, worker, clock } = poolOf(1, options, options);
    const failed = expect(start(pool)).rejects.toMatchObject({
      code: "worker",
      temporary: false,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/worker-src.*workers\.create/),
    });

    for (const index of [0, 1]) {
      await started(index);
      await settle();
      happen(worker(index), clock);
    }
    await failed;

    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true]);
    expect(clock.sleepers).toBe(0);
  });

  it("the first time but the second is not noticed", async () => {
    const { pool, started, worker } = poolOf(1, { hello: undefined });
    const sending = start(pool);
    await started(0);

    worker(0).fail();
    const [call] = await (await started(1)).arrived(1);
    call?.end(ok(answer));

    expect(await sending).toEqual(answer);
  });

  it("because a policy forbids it fails at once, with the browser's reason", async () => {
    const create = () => {
      throw new DOMException("Access to the script is denied", "SecurityError");
    };

    const failed = start(createWorkerPool({ count: 1, create, clock: new ManualClock(), stallTimeoutMs: 30_000 }));

    await expect(failed).rejects.toMatchObject({
      code: "worker",
      message: expect.stringMatching(/Access to the script/),
    });
  });

  it("while the page is offline may start later", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    const { pool, started, worker } = poolOf(1, { hello: undefined }, { hello: undefined });
    const failed = expect(start(pool)).rejects.toMatchObject({ code: "network", temporary: true });
    for (const index of [0, 1]) {
      await started(index);
      worker(index).fail();
    }
    await failed;

    const again = start(pool);
    const [call] = await (await started(2)).arrived(1);
    call?.end(ok(answer));

    expect(await again).toEqual(answer);
  });
});
