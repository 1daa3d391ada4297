/** Other uploads hold every connection: a control request of this one waits for one of their parts to end, never for several. */
import { expect, test } from "vitest";
import type { Upload } from "../../src/api/upload.js";
import { Line } from "../../src/line.js";
import { createSlots } from "../../src/slots.js";
import { ConnectionCount } from "../../src/store/connection-count.js";
import { limited } from "../../src/store/limited.js";
import type { ObjectStore } from "../../src/store/object-store.js";
import { MemoryFile, seededBytes } from "../doubles/memory-file.js";
import { type Page, Universe } from "../world/page.js";
import { open, when } from "../world/scene.js";

const connections = 2;
const file = (seed: number) => new MemoryFile(seededBytes(60, seed));

/** What has begun on a connection, in order; parts stay there until they are let through or aborted. */
class Wire {
  readonly begun: string[] = [];
  readonly #parts: (() => void)[] = [];
  readonly #count: ConnectionCount;
  #open = false;

  /** @param count how many connections there are; two, as if the app had asked for two */
  constructor(count = new ConnectionCount(connections, { isFixed: true })) {
    this.#count = count;
  }

  /** Lets the oldest part through. */
  letOne(): void {
    this.#parts.shift()?.();
  }

  letAll(): void {
    this.#open = true;
    for (const pass of this.#parts.splice(0)) pass();
  }

  readonly wrap = (store: ObjectStore): ObjectStore => {
    const said = (word: string) => void this.begun.push(word);
    const onWire: ObjectStore = {
      ...store,
      initiate: (target, options) => {
        said(`initiate ${target.key}`);
        return store.initiate(target, options);
      },
      abort: (upload, options) => {
        said(`abort ${upload.key}`);
        return store.abort(upload, options);
      },
      putPart: async (upload, number, slice, digest, options) => {
        said(`part ${upload.key}`);
        await this.#passage(options.signal);
        return await store.putPart(upload, number, slice, digest, options);
      },
    };
    return limited(onWire, {
      slots: createSlots(this.#count.allowed),
      line: new Line(() => 0, this.#count),
    });
  };

  async #passage(signal: AbortSignal): Promise<void> {
    if (this.#open) return;
    await new Promise<void>((resolve, reject) => {
      this.#parts.push(resolve);
      signal.addEventListener("abort", () => {
        this.#parts.splice(this.#parts.indexOf(resolve), 1);
        reject(signal.reason);
      });
    });
  }
}

const settled = async (page: Page) => {
  for (let turns = 0; turns < 20; turns += 1) await page.live(new Promise((resolve) => setImmediate(resolve)));
};

/** A page with two connections, both taken by parts of "first", and more of its parts waiting for them. */
async function busy() {
  const universe = new Universe();
  const wire = new Wire();
  const page = open(universe, { lanes: connections + 2, store: wire.wrap });
  const first = page.uploader.upload(file(1), { key: "first" });
  await page.live(when(first, ({ phase }) => phase === "uploading"));
  await settled(page);
  wire.begun.length = 0;
  return { universe, wire, page, first };
}

test("three parts go out at first, however many connections there may be: what they show decides", async () => {
  const wire = new Wire(new ConnectionCount(6));
  const page = open(new Universe(), { lanes: 8, store: wire.wrap });

  page.uploader.upload(file(1), { key: "first" });
  await settled(page);

  expect(wire.begun).toEqual(["initiate first", ...Array(3).fill("part first")]);
});

const uploadsOf = (universe: Universe) => [...universe.server.uploads.values()].map(({ key }) => key);

test("an upload that is cancelled gives its connections back at once: others go on before the store has heard of it", async () => {
  const { universe, wire, page, first } = await busy();
  const second = page.uploader.upload(file(2), { key: "second" });
  await settled(page);
  const before = [...wire.begun];

  const cancelled = first.cancel();
  await settled(page);
  const atOnce = [...wire.begun];
  wire.letAll();
  await page.live(Promise.all([cancelled, second.finished]));

  expect(before).toEqual([]);
  expect(first.state.phase).toBe("cancelled");
  expect(atOnce).toEqual(["initiate second", "part second", "part second"]);
  expect(wire.begun[3]).toBe("abort first");
  expect(uploadsOf(universe)).toEqual([]);
});

test("the next upload begins when the first part of another ends, and before its next", async () => {
  const { wire, page } = await busy();
  page.uploader.upload(file(2), { key: "second" });
  await settled(page);

  wire.letOne();
  await settled(page);

  expect(wire.begun[0]).toBe("initiate second");
});

test("a cancelled upload is aborted in the store when the first part of another ends, and before its next", async () => {
  const { universe, wire, page, first } = await busy();
  // It stores nothing itself: while it is known to the store, every connection is the other's.
  const second = await begunAndPaused(page, wire);
  first.resume();
  await settled(page);
  wire.begun.length = 0;

  const cancelled = second.cancel();
  await settled(page);
  const waiting = [...wire.begun];
  wire.letOne();
  await page.live(cancelled);

  expect(second.state.phase).toBe("cancelled");
  expect(waiting).toEqual([]);
  expect(wire.begun[0]).toBe("abort second");
  expect(uploadsOf(universe)).toEqual(["first"]);
});

/** Another upload that the store knows, at rest, while the first is paused. */
async function begunAndPaused(page: Page, wire: Wire): Promise<Upload> {
  const [first] = page.uploader.uploads;
  await page.live(first?.pause() ?? Promise.reject());
  const second = page.uploader.upload(file(2), { key: "second" });
  await page.live(when(second, ({ phase }) => phase === "uploading"));
  await settled(page);
  await page.live(second.pause());
  expect(wire.begun).toContain("initiate second");
  return second;
}
