import { describe, expect, it } from "vitest";
import type { FakeWorker } from "../doubles/fake-worker.js";
import { answer, blob, digest, inPage, never, ok, poolOf, request, settle, wanted } from "./pool-rig.js";

inPage();

describe("an abort", () => {
  const reason = new Error("the user said so");

  it("is over only when the worker has stopped, and then gives the signal's reason", async () => {
    const { pool, started, worker } = poolOf(1, { obeys: false });
    const stop = new AbortController();
    let over = false;
    const sending = pool.send(request, { signal: stop.signal }).finally(() => {
      over = true;
    });
    const failed = expect(sending).rejects.toBe(reason);
    const [call] = await (await started(0)).arrived(1);

    stop.abort(reason);
    await worker(0).cancelOf(call?.id ?? 0);
    await settle();
    expect(over).toBe(false);
    call?.end({ ok: false, failure: { kind: "cancelled", message: "cancelled" } });

    await failed;
  });

  it.each<[string, (worker: FakeWorker) => void]>([
    ["that comes as the answer does", (worker) => worker.calls[0]?.end(ok(answer))],
    ["that comes as the worker dies", (worker) => worker.fail("gone")],
  ])("%s gives the signal's reason all the same", async (_, happen) => {
    const { pool, started, worker } = poolOf(1, { obeys: false });
    const stop = new AbortController();
    const failed = expect(pool.send(request, { signal: stop.signal })).rejects.toBe(reason);
    await (await started(0)).arrived(1);

    stop.abort(reason);
    happen(worker(0));

    await failed;
  });

  it("before anything began starts nothing", async () => {
    const { pool, workers } = poolOf(1);
    const options = { signal: AbortSignal.abort(reason) };

    await expect(pool.send(request, options)).rejects.toBe(reason);
    await expect(pool.digest(blob("a"), wanted, options)).rejects.toBe(reason);

    expect(workers).toHaveLength(0);
  });

  it("while the worker starts does not wait for it, nor harm others who do", async () => {
    const { pool, started, worker } = poolOf(1, { hello: undefined });
    const stop = new AbortController();
    const failed = expect(pool.send(request, { signal: stop.signal })).rejects.toBe(reason);
    const other = pool.send(request, { signal: never });
    await started(0);

    stop.abort(reason);
    await failed;
    worker(0).fail();
    const [call] = await (await started(1)).arrived(1);
    call?.end(ok(answer));

    expect(await other).toEqual(answer);
  });

  it("while a digest waits takes it out of the queue", async () => {
    const { pool, started, worker } = poolOf(1);
    const stop = new AbortController();
    const before = ["first", "second"].map((name) => pool.digest(blob(name), wanted, { signal: never }));
    const failed = expect(pool.digest(blob("third"), wanted, { signal: stop.signal })).rejects.toBe(reason);
    const fourth = pool.digest(blob("fourth"), wanted, { signal: never });
    await (await started(0)).arrived(2);

    stop.abort(reason);
    await failed;
    worker(0).calls[0]?.end(ok(digest));
    for (const call of await worker(0).arrived(3)) call.end(ok(digest));

    await Promise.all([...before, fourth]);
    const bodies = await Promise.all(worker(0).calls.map(({ body }) => body?.text()));
    expect(bodies).toEqual(["first", "second", "fourth"]);
  });

  it("of one call leaves the others of its worker alone", async () => {
    const { pool, started, worker } = poolOf(1);
    const stop = new AbortController();
    const failed = expect(pool.send(request, { signal: stop.signal })).rejects.toBe(reason);
    const other = pool.send(request, { signal: never });
    const [, call] = await (await started(0)).arrived(2);

    stop.abort(reason);
    await failed;
    call?.end(ok(answer));

    expect(await other).toEqual(answer);
    expect(worker(0).terminated).toBe(false);
  });
});

describe("closing", () => {
  it("ends the workers and every call, also those that wait", async () => {
    const { pool, started, worker } = poolOf(1);
    const calls = [
      pool.send(request, { signal: never }),
      pool.digest(blob("a"), wanted, { signal: never }),
      pool.digest(blob("b"), wanted, { signal: never }),
    ];
    const failed = Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ name: "AbortError" })));
    await (await started(0)).arrived(2);

    pool.close();

    await failed;
    expect(worker(0).terminated).toBe(true);
    await expect(pool.parseXml("<A/>")).rejects.toMatchObject({ name: "AbortError" });
  });

  it("ends a worker that is still starting, without waiting for its hello", async () => {
    const { pool, workers, started, worker, clock } = poolOf(1, { hello: undefined });
    const failed = expect(pool.send(request, { signal: never })).rejects.toMatchObject({ name: "AbortError" });
    await started(0);

    pool.close();

    await failed;
    expect(worker(0).terminated).toBe(true);
    expect(workers).toHaveLength(1);
    expect(clock.sleepers).toBe(0);
  });

  it("of a pool that never worked starts nothing", () => {
    const { pool, workers } = poolOf(1);

    pool.close();

    expect(workers).toHaveLength(0);
  });
});
