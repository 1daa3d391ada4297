import { describe, expect, test } from "vitest";
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";
import { forgiving } from "../../src/checkpoint/forgiving.js";
import { inTime } from "../../src/checkpoint/in-time.js";
import { memoryCheckpoints } from "../../src/checkpoint/memory.js";
import { checkpointStoreContract } from "../contracts/checkpoint-store.contract.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { Disk } from "../world/disk.js";

const stores: Readonly<Record<string, () => CheckpointStore>> = {
  memory: memoryCheckpoints,
  "forgiving over memory": () => forgiving(memoryCheckpoints(), () => undefined),
  "in time over memory": () => inTime(memoryCheckpoints(), new ManualClock()),
  "the disk of the crash test": () => new Disk().checkpoints,
};

describe.each(Object.entries(stores))("checkpoints in %s", (_name, make) => {
  test.each(checkpointStoreContract)("$name", async ({ check }) => {
    await check(make());
  });
});

/** A database whose writes begin to fail when told to. */
function failing() {
  const store = memoryCheckpoints();
  let broken = false;
  const check = async () => {
    if (broken) throw new DOMException("no room", "QuotaExceededError");
  };
  const durable: CheckpointStore = {
    load: (id) => check().then(() => store.load(id)),
    begin: (id, head) => check().then(() => store.begin(id, head)),
    addPart: (id, number, part) => check().then(() => store.addPart(id, number, part)),
    updateHead: (id, head) => check().then(() => store.updateHead(id, head)),
    remove: (id) => check().then(() => store.remove(id)),
    list: () => check().then(() => store.list()),
  };
  return {
    durable,
    store,
    break: () => {
      broken = true;
    },
  };
}

describe("a database that breaks", () => {
  test("is said once, and what this page wrote goes on from memory", async () => {
    const { durable, break: breakIt } = failing();
    const lost: (string | undefined)[] = [];
    const store = forgiving(durable, (id) => lost.push(id));
    await store.begin("a", { upload: 1 });
    await store.addPart("a", 1, { part: 1 });

    breakIt();
    await store.addPart("a", 2, { part: 2 });
    await store.addPart("a", 3, { part: 3 });

    expect(lost).toEqual(["a"]);
    expect(await store.load("a")).toEqual({ head: { upload: 1 }, parts: [{ part: 1 }, { part: 2 }, { part: 3 }] });
  });

  test("before anything was read means that nothing is known, and that the upload goes on", async () => {
    const { durable, break: breakIt } = failing();
    breakIt();
    const lost: (string | undefined)[] = [];
    const store = forgiving(durable, (id) => lost.push(id));

    const loaded = await store.load("a");
    await store.begin("a", {});
    await store.remove("a");

    expect(loaded).toBeUndefined();
    expect(lost).toEqual(["a"]);
  });

  test("keeps nothing of an upload that ended, as soon as it lets go of anything", async () => {
    const { durable, store: inside, break: breakIt } = failing();
    const lost: (string | undefined)[] = [];
    const full: CheckpointStore = { ...durable, remove: (id) => inside.remove(id) };
    const store = forgiving(full, (id) => lost.push(id));
    await store.begin("a", { upload: 1 });
    breakIt();
    await store.addPart("a", 1, { part: 1 });

    await store.remove("a");

    expect(await inside.list()).toEqual([]);
    expect(lost).toEqual(["a"]);
  });

  test("has nothing to list, which is said and is no failure", async () => {
    const { durable, break: breakIt } = failing();
    breakIt();
    const lost: (string | undefined)[] = [];

    expect(await forgiving(durable, (id) => lost.push(id)).list()).toEqual([]);
    expect(lost).toEqual([undefined]);
  });
});

describe("a database that was emptied", () => {
  test("is filled again with what this page wrote, when the page goes on", async () => {
    const durable = memoryCheckpoints();
    const store = forgiving(durable, () => undefined);
    await store.begin("a", { upload: 1 });
    await store.addPart("a", 7, { part: 7 });
    await durable.remove("a");

    const loaded = await store.load("a");

    const wanted = { head: { upload: 1 }, parts: [{ part: 7 }] };
    expect(loaded).toEqual(wanted);
    expect(await durable.load("a")).toEqual(wanted);
    await durable.addPart("a", 7, { part: "seven" });
    expect((await durable.load("a"))?.parts).toEqual([{ part: "seven" }]);
  });

  test("is not filled with what this page removed", async () => {
    const durable = memoryCheckpoints();
    const store = forgiving(durable, () => undefined);
    await store.begin("a", { upload: 1 });
    await store.remove("a");

    expect(await store.load("a")).toBeUndefined();
  });

  test("and then breaks, costs this page nothing that it knows", async () => {
    const { durable, store: inside, break: breakIt } = failing();
    const lost: (string | undefined)[] = [];
    const emptied: CheckpointStore = { ...durable, load: (id) => inside.load(id) };
    const store = forgiving(emptied, (id) => lost.push(id));
    await store.begin("a", { upload: 1 });
    await store.addPart("a", 7, { part: 7 });
    await inside.remove("a");
    breakIt();

    expect(await store.load("a")).toEqual({ head: { upload: 1 }, parts: [{ part: 7 }] });
    expect(lost).toEqual(["a"]);
  });
});
