/** A database that does not answer is treated as one that fails; what it does late leaves nothing behind. */
import { describe, expect, test } from "vitest";
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";
import { forgiving } from "../../src/checkpoint/forgiving.js";
import { inTime } from "../../src/checkpoint/in-time.js";
import { memoryCheckpoints } from "../../src/checkpoint/memory.js";
import { ManualClock } from "../doubles/manual-clock.js";

/** A database whose calls wait, from `hang` on, until `release`: then they happen in order. */
function hanging() {
  const store = memoryCheckpoints();
  let held: Promise<void> = Promise.resolve();
  let release: () => void = () => undefined;
  const database: CheckpointStore = {
    load: (id) => held.then(() => store.load(id)),
    begin: (id, head) => held.then(() => store.begin(id, head)),
    addPart: (id, number, part) => held.then(() => store.addPart(id, number, part)),
    updateHead: (id, head) => held.then(() => store.updateHead(id, head)),
    remove: (id) => held.then(() => store.remove(id)),
    list: () => held.then(() => store.list()),
  };
  return {
    database,
    store,
    hang: () => {
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
  };
}

const tasks = () => new Promise(setImmediate);

/** Lets ten seconds pass without an answer. */
async function tenSeconds(clock: ManualClock): Promise<void> {
  await tasks();
  clock.advance(5_000);
  await tasks();
  clock.advance(5_000);
  await tasks();
}

function setUp() {
  const clock = new ManualClock();
  const { database, store, hang, release } = hanging();
  const lost: string[] = [];
  const checkpoints = forgiving(inTime(database, clock), (id, cause) => lost.push(`${id}: ${cause}`));
  return { clock, store, hang, release, lost, checkpoints, timed: inTime(database, clock) };
}

const silence = "TimeoutError: no answer within 10 seconds";

describe("a database that does not answer", () => {
  test("is waited for during ten seconds, then the upload goes on from memory", async () => {
    const { clock, hang, lost, checkpoints } = setUp();
    hang();

    const loading = checkpoints.load("a");
    clock.advance(5_000);
    await tasks();
    clock.advance(4_999);
    await tasks();
    expect(lost).toEqual([]);
    clock.advance(1);
    await loading;
    await checkpoints.begin("a", { upload: 1 });
    await checkpoints.addPart("a", 1, { part: 1 });

    expect(lost).toEqual([`a: ${silence}`]);
    expect(await checkpoints.load("a")).toEqual({ head: { upload: 1 }, parts: [{ part: 1 }] });
  });

  test("is not waited for a second time", async () => {
    const { clock, hang, lost, checkpoints } = setUp();
    hang();
    const loading = checkpoints.load("a");
    await tenSeconds(clock);
    await loading;

    await checkpoints.load("b");
    await checkpoints.begin("b", {});
    const listed = await checkpoints.list();

    expect(listed).toEqual([]);
    expect(lost).toEqual([`a: ${silence}`, `b: ${silence}`, `undefined: ${silence}`]);
    expect(clock.sleepers).toBe(0);
  });

  test("is not given up because the laptop slept", async () => {
    const { clock, hang, release, lost, checkpoints } = setUp();
    hang();

    const loading = checkpoints.load("a");
    clock.advance(3_600_000);
    release();
    await loading;

    expect(lost).toEqual([]);
    expect(clock.sleepers).toBe(0);
  });

  test("keeps nothing of an upload that ended before it answered", async () => {
    const { clock, store, hang, release, checkpoints } = setUp();
    hang();
    const beginning = checkpoints.begin("a", { upload: 1 });
    await tenSeconds(clock);
    await beginning;
    await checkpoints.remove("a");

    release();
    await tasks();

    expect(await store.list()).toEqual([]);
  });

  test("is used again for the next upload once it has answered", async () => {
    const { clock, store, hang, release, lost, checkpoints } = setUp();
    hang();
    const loading = checkpoints.load("a");
    await tenSeconds(clock);
    await loading;
    release();
    await tasks();

    await checkpoints.begin("b", { upload: 2 });

    expect(await store.load("b")).toEqual({ head: { upload: 2 }, parts: [] });
    expect(lost).toEqual([`a: ${silence}`]);
  });

  test("but one that answers in time leaves no timer behind, and fails with its own error", async () => {
    const { clock, timed } = setUp();
    const broken: CheckpointStore = { ...memoryCheckpoints(), load: () => Promise.reject(new Error("broken")) };

    await timed.begin("a", {});
    await expect(inTime(broken, clock).load("a")).rejects.toThrow("broken");

    expect(clock.sleepers).toBe(0);
  });
});
