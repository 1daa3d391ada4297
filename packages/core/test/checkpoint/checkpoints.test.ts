import { describe, expect, test } from "vitest";
import type { CheckpointStore } from "../../src/checkpoint/checkpoint-store.js";
import { forgiving } from "../../src/checkpoint/forgiving.js";
import { inTime } from "../../src/checkpoint/in-time.js";
import { memoryCheckpoints } from "../../src/checkpoint/memory.js";
import { sealPart } from "../../src/checkpoint/records.js";
import type { ETag, UploadId } from "../../src/store/object-store.js";
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

const sealed = (number: number) =>
  sealPart("U" as UploadId, { number, size: 1, etag: "E" as ETag, md5: undefined, crc64: 1n }, number);

function sortedParts(saved: Awaited<ReturnType<CheckpointStore["load"]>>) {
  const parts = [...(saved?.parts ?? [])].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return saved && { ...saved, parts };
}

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
  test("is reported once, and the upload goes on from what this page wrote", async () => {
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

  test("before anything was read is as good as empty, and the upload goes on", async () => {
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

  test("keeps no record of an upload that ended, if it can still remove records", async () => {
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

  test("lists nothing, which is reported and is no failure", async () => {
    const { durable, break: breakIt } = failing();
    breakIt();
    const lost: (string | undefined)[] = [];

    expect(await forgiving(durable, (id) => lost.push(id)).list()).toEqual([]);
    expect(lost).toEqual([undefined]);
  });
});

describe("a checkpoint that an earlier page wrote", () => {
  test("goes on from memory with all its parts when the database breaks after it was taken over", async () => {
    const { durable, store: inside, break: breakIt } = failing();
    const earlier = forgiving(inside, () => undefined);
    await earlier.begin("a", { upload: 1 });
    await earlier.addPart("a", 1, sealed(1));
    await earlier.addPart("a", 2, sealed(2));
    const store = forgiving(durable, () => undefined);
    await store.load("a");
    await store.updateHead("a", { upload: 1, taken: "over" });

    breakIt();
    await store.addPart("a", 3, sealed(3));

    expect(await store.load("a")).toEqual({
      head: { upload: 1, taken: "over" },
      parts: [sealed(1), sealed(2), sealed(3)],
    });
  });

  test("is not kept in memory only because it was read", async () => {
    const { durable, store: inside, break: breakIt } = failing();
    await inside.begin("a", { upload: 1 });
    const store = forgiving(durable, () => undefined);
    await store.load("a");

    breakIt();

    expect(await store.load("a")).toBeUndefined();
  });

  test("is read as another page left it, not as this page left it before", async () => {
    const { durable, store: inside, break: breakIt } = failing();
    const store = forgiving(durable, () => undefined);
    await store.begin("a", { upload: 1 });
    await store.addPart("a", 1, sealed(1));
    const other = forgiving(inside, () => undefined);
    await other.begin("a", { upload: 2 });
    await other.addPart("a", 2, sealed(2));
    await store.updateHead("a", { upload: 2 });

    breakIt();

    expect(await store.load("a")).toEqual({ head: { upload: 2 }, parts: [sealed(2)] });
  });

  test("goes on with what is written from then on when the database breaks while it is taken over", async () => {
    const { durable, store: inside, break: breakIt } = failing();
    await inside.begin("a", { upload: 1 });
    const lost: (string | undefined)[] = [];
    const store = forgiving(durable, (id) => lost.push(id));
    await store.load("a");

    breakIt();
    await store.updateHead("a", { upload: 1 });
    await store.addPart("a", 3, sealed(3));

    expect(await store.load("a")).toEqual({ head: { upload: 1 }, parts: [sealed(3)] });
    expect(lost).toEqual(["a"]);
  });
});

describe("a database that was emptied", () => {
  test("while parts are sent is filled again by the next part, without a warning", async () => {
    const durable = memoryCheckpoints();
    const lost: (string | undefined)[] = [];
    const store = forgiving(durable, (id) => lost.push(id));
    await store.begin("a", { upload: 1 });
    await Promise.all([1, 2, 3].map((number) => store.addPart("a", number, sealed(number))));

    await durable.remove("a");
    await Promise.all([4, 5, 6].map((number) => store.addPart("a", number, sealed(number))));

    const parts = [1, 2, 3, 4, 5, 6].map(sealed);
    expect(sortedParts(await durable.load("a"))).toEqual({ head: { upload: 1 }, parts });
    expect(lost).toEqual([]);
  });

  test("again and again is filled again each time", async () => {
    const durable = memoryCheckpoints();
    const store = forgiving(durable, () => undefined);
    await store.begin("a", { upload: 1 });

    for (const number of [1, 2, 3]) {
      await durable.remove("a");
      await store.addPart("a", number, sealed(number));
    }

    expect(await durable.load("a")).toEqual({ head: { upload: 1 }, parts: [1, 2, 3].map(sealed) });
  });

  test("and cannot be filled again is reported once, and the upload goes on from memory", async () => {
    const { durable, store: inside } = failing();
    const lost: (string | undefined)[] = [];
    const full: CheckpointStore = {
      ...durable,
      begin: async (id, head) => {
        if ((await inside.load("once")) !== undefined) throw new DOMException("no room", "QuotaExceededError");
        await inside.begin("once", {});
        await inside.begin(id, head);
      },
    };
    const store = forgiving(full, (id) => lost.push(id));
    await store.begin("a", { upload: 1 });

    await inside.remove("a");
    await Promise.all([1, 2].map((number) => store.addPart("a", number, sealed(number))));

    expect(lost).toEqual(["a"]);
    expect(sortedParts(await store.load("a"))).toEqual({ head: { upload: 1 }, parts: [sealed(1), sealed(2)] });
  });

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
