import type { Failure } from "@ossicle/worker/contract";
import { expect, it, vi } from "vitest";
import type { FakeWorker } from "../doubles/fake-worker.js";
import { answer, blob, digest, inPage, never, ok, poolOf, request, settle, wanted } from "./pool-rig.js";

inPage();

/** The bodies that arrived in a worker, in order. */
async function bodies(worker: FakeWorker): Promise<readonly string[]> {
  return await Promise.all(worker.calls.map(async ({ body }) => (await body?.text()) ?? ""));
}

it("starts no worker before there is work, and one for one piece of work", async () => {
  const { pool, workers, started, worker } = poolOf(4);
  expect(workers).toHaveLength(0);

  const result = pool.digest(blob("a"), wanted, { signal: never });
  await started(0);
  const [call] = await worker(0).arrived(1);
  call?.end(ok(digest));

  expect(await result).toEqual(digest);
  expect(workers).toHaveLength(1);
});

it("starts a worker before there is work when it is warmed, and gives it the first work", async () => {
  const { pool, workers, started, worker } = poolOf(4);

  pool.warm();
  pool.warm();
  await started(0);
  await settle();
  const result = pool.digest(blob("a"), wanted, { signal: never });
  const [call] = await worker(0).arrived(1);
  pool.warm();
  call?.end(ok(digest));

  expect(await result).toEqual(digest);
  expect(workers).toHaveLength(1);
});

it("ignores that warming failed: the first call starts a worker again", async () => {
  const { pool, started, worker } = poolOf(1, { hello: undefined }, { hello: undefined });

  pool.warm();
  for (const index of [0, 1]) {
    (await started(index)).fail();
    await settle();
  }
  const result = pool.digest(blob("a"), wanted, { signal: never });
  const [call] = await (await started(2)).arrived(1);
  call?.end(ok(digest));

  expect(await result).toEqual(digest);
  expect([0, 1].map((index) => worker(index).terminated)).toEqual([true, true]);
});

it.each([
  [8, 4],
  [2, 1],
  [1, 1],
  [undefined, 1],
])("has, on a machine with %s cores, %i workers", async (hardwareConcurrency, expected) => {
  vi.stubGlobal("navigator", { onLine: true, hardwareConcurrency });
  const { pool, workers, started } = poolOf(undefined);

  const sends = Array.from({ length: 8 }, () => pool.send(request, { signal: never }));
  for (let index = 0; index < expected; index++) await (await started(index)).arrived(8 / expected);
  await settle();

  expect(workers.map(({ calls }) => calls.length)).toEqual(Array(expected).fill(8 / expected));
  for (const { calls } of workers) for (const call of calls) call.end(ok(answer));
  expect(await Promise.all(sends)).toEqual(Array(8).fill(answer));
});

it("digests two slices per worker at a time, and starts the rest in order", async () => {
  const { pool, started, worker } = poolOf(2);
  const names = ["a", "b", "c", "d", "e", "f"];
  const results = names.map((name) => pool.digest(blob(name), wanted, { signal: never }));
  await Promise.all([0, 1].map(async (index) => (await started(index)).arrived(2)));
  await settle();
  expect([await bodies(worker(0)), await bodies(worker(1))]).toEqual([
    ["a", "c"],
    ["b", "d"],
  ]);

  worker(1).calls[0]?.end(ok(digest));
  await worker(1).arrived(3);

  expect(await bodies(worker(1))).toEqual(["b", "d", "e"]);
  worker(1).calls[1]?.end(ok(digest));
  await worker(1).arrived(4);
  for (const { calls } of [worker(0), worker(1)]) for (const call of calls) call.end(ok(digest));
  await Promise.all(results);
});

it("begins an idle digest only when no other digest waits", async () => {
  const { pool, started, worker } = poolOf(1);
  const results = [
    pool.digest(blob("first"), wanted, { signal: never }),
    pool.digest(blob("second"), wanted, { signal: never }),
    pool.digest(blob("idle"), wanted, { signal: never, priority: "idle" }),
    pool.digest(blob("third"), wanted, { signal: never }),
    pool.digest(blob("fourth"), wanted, { signal: never, priority: "normal" }),
  ];

  await (await started(0)).arrived(2);
  for (let count = 1; count <= 5; count++) {
    await worker(0).arrived(count);
    worker(0).calls[count - 1]?.end(ok(digest));
  }

  await Promise.all(results);
  expect(await bodies(worker(0))).toEqual(["first", "second", "third", "fourth", "idle"]);
});

it("digests four at once only once in a worker, and something else beside them", async () => {
  const { pool, started, worker } = poolOf(1);
  const four = (name: string) => [blob(name), blob(name), blob(name), blob(name)] as const;
  const results = [
    pool.digestFour(four("first"), wanted, { signal: never }),
    pool.digestFour(four("idle"), wanted, { signal: never, priority: "idle" }),
    pool.digestFour(four("second"), wanted, { signal: never }),
    pool.digest(blob("beside"), wanted, { signal: never }),
  ];
  await (await started(0)).arrived(2);
  await settle();
  const together = await bodies(worker(0));

  for (let count = 1; count <= 4; count++) {
    await worker(0).arrived(count);
    worker(0).calls[count - 1]?.end(ok([digest, digest, digest, digest]));
  }
  await Promise.all(results);

  expect(together).toEqual(["first", "beside"]);
  expect(await bodies(worker(0))).toEqual(["first", "beside", "second", "idle"]);
  expect(worker(0).calls.map(({ kind }) => kind)).toEqual(["digestFour", "digest", "digestFour", "digestFour"]);
});

it("gives a digest to the worker that has none, even if that one has more requests", async () => {
  const { pool, started, worker } = poolOf(2);
  const calls: Promise<unknown>[] = [1, 2, 3].map(() => pool.send(request, { signal: never }));
  await (await started(0)).arrived(2);
  await (await started(1)).arrived(1);
  calls.push(pool.digest(blob("first"), wanted, { signal: never }));
  await worker(1).arrived(2);
  worker(1).calls[0]?.end(ok(answer));
  await calls[1];

  calls.push(pool.digest(blob("second"), wanted, { signal: never }));
  await worker(0).arrived(3);

  expect(worker(0).calls.map(({ kind }) => kind)).toEqual(["send", "send", "digest"]);
  for (const index of [0, 1]) for (const call of worker(index).calls) call.end(ok(answer));
  await Promise.all(calls);
});

it("does not let digests hold up requests", async () => {
  const { pool, started, worker } = poolOf(1);
  const digesting = pool.digest(blob("a"), wanted, { signal: never });
  await (await started(0)).arrived(1);

  const sending = pool.send(request, { signal: never });
  const [, send] = await worker(0).arrived(2);
  send?.end(ok(answer));

  expect(await sending).toEqual(answer);
  worker(0).calls[0]?.end(ok(digest));
  await digesting;
});

it("reports how much was sent to the call that sends it, until that call ends", async () => {
  const { pool, started, worker } = poolOf(1);
  const sent: [string, number][] = [];
  let tell = () => {};
  const told = (count: number) =>
    new Promise<void>((resolve) => {
      tell = () => sent.length === count && resolve();
      tell();
    });
  const sends = ["a", "b"].map((name) => {
    const onSent = (bytes: number) => {
      sent.push([name, bytes]);
      tell();
    };
    return pool.send({ ...request, body: blob(name) }, { signal: never, onSent });
  });
  const [a, b] = await (await started(0)).arrived(2);
  worker(0).reportSent({ call: b?.id ?? 0, bytes: 20 });
  worker(0).reportSent({ call: a?.id ?? 0, bytes: 10 });
  await told(2);

  a?.end(ok(answer));
  await sends[0];
  worker(0).reportSent({ call: a?.id ?? 0, bytes: 11 });
  worker(0).reportSent({ call: b?.id ?? 0, bytes: 21 });
  await told(3);

  expect(sent).toEqual([
    ["b", 20],
    ["a", 10],
    ["b", 21],
  ]);
  b?.end(ok(answer));
  await sends[1];
});

it("parses XML, and gives undefined for text that is not XML", async () => {
  const { pool } = poolOf(1);

  expect(await pool.parseXml("<A/>")).toEqual({ parsed: ["<A/>"] });
  expect(await pool.parseXml("A")).toBeUndefined();
});

it.each<[Failure["kind"], string, boolean]>([
  ["network", "network", true],
  ["stalled", "stalled", true],
  ["unreadable", "file-unreadable", false],
  ["invalid", "invalid-option", false],
  ["blocked", "misconfigured", false],
])("turns the outcome %s into UploadError %s", async (kind, code, temporary) => {
  const { pool, started } = poolOf(1);
  const sending = pool.send(request, { signal: never });
  const [call] = await (await started(0)).arrived(1);

  call?.end({ ok: false, failure: { kind, message: "PUT https://b/k: because" } });

  await expect(sending).rejects.toMatchObject({ code, temporary, message: "PUT https://b/k: because" });
});
