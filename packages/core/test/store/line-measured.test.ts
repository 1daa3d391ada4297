/** What the layer that counts connections learns of the line. Law: a layer is a store that wraps a store. */
import { describe, expect, test } from "vitest";
import { UploadError } from "../../src/errors.js";
import { Line } from "../../src/line.js";
import { createSlots } from "../../src/slots.js";
import { ConnectionCount } from "../../src/store/connection-count.js";
import { limited } from "../../src/store/limited.js";
import type { CallOptions, ETag, ObjectStore, UploadId } from "../../src/store/object-store.js";
import { MemoryServer, memoryStore } from "../doubles/memory-store.js";

const upload = { key: "k", id: "U" as UploadId };
const digest = { size: 1_000_000, md5: undefined, crc64: 0n };
const MB = 1_000_000;
const slice = new Blob([new Uint8Array(MB)]);
const stored = { number: 1, size: MB, etag: "E" as ETag, crc64: undefined };

/** @param act what a request does; `pass` moves the clock by milliseconds */
function scene(act: (options: CallOptions, pass: (ms: number) => void) => void) {
  let now = 0;
  const pass = (ms: number) => {
    now += ms;
  };
  const line = new Line(() => now, new ConnectionCount(6));
  const learnt: number[] = [];
  const onWire: ObjectStore = {
    ...memoryStore(new MemoryServer()),
    putPart: async (_upload, _number, _slice, _digest, options) => {
      act(options, pass);
      return stored;
    },
    abort: async (_upload, options) => act(options, pass),
  };
  const connections = { slots: createSlots(3), line, onLearnt: () => void learnt.push(now) };
  const store = limited(onWire, connections);
  const options = { signal: new AbortController().signal };
  const put = () => store.putPart(upload, 1, slice, digest, options);
  return { line, learnt, put, abort: () => store.abort(upload, options) };
}

const sends = ({ onSent }: CallOptions, pass: (ms: number) => void, ms: number) => {
  onSent?.(0);
  pass(ms);
  onSent?.(MB);
};

describe("the speed of the line", () => {
  test("is that of a body, from when it goes out", async () => {
    const { line, learnt, put } = scene((options, pass) => {
      pass(5_000);
      options.onSigned?.();
      sends(options, pass, 1_000);
    });

    await put();

    expect(line.bytesPerSecond).toBeCloseTo(MB);
    expect(learnt).toHaveLength(1);
  });

  test("is that of the last attempt, where a form was refused and the object went again", async () => {
    const { line, put } = scene((options, pass) => {
      sends(options, pass, 4_000);
      sends(options, pass, 1_000);
    });

    await put();

    expect(line.bytesPerSecond).toBeCloseTo(MB);
  });

  test("is not known by a body that was found stored: the store was only asked", async () => {
    const { line, learnt, put } = scene((options, pass) => {
      options.onSigned?.();
      pass(100);
    });

    await put();

    expect(line.bytesPerSecond).toBeUndefined();
    expect(learnt).toEqual([]);
  });
});

test("the round trip is that of the request, without what the app takes to sign it", async () => {
  const { line, abort } = scene(({ onSigned }, pass) => {
    pass(3_000);
    onSigned?.();
    pass(100);
  });

  await abort();

  expect(line.roundTripMs).toBe(50);
});

test("a body that an answer says is too large bounds those to come, whatever is stored later", async () => {
  let isRefused = true;
  const { line, put } = scene((options, pass) => {
    sends(options, pass, 100);
    if (isRefused) throw new UploadError("rejected", "413", { status: 413, tooLarge: "refused" });
  });
  await put().catch(() => undefined);
  line.refused(MB);
  const before = line.largestBody;
  isRefused = false;
  await put();

  expect([before, line.largestBody]).toEqual([MB / 2, MB / 2]);
});

test("a question that falls silent says that fewer connections are borne, as a body does", async () => {
  const { line, put } = scene(() => {
    throw new UploadError("stalled", "stalled");
  });

  await put().catch(() => undefined);

  expect(line.connections).toBe(1);
});

test("requests that are refused together as too many cut the connections once, also where each says that it has ended", async () => {
  const line = new Line(() => 0, new ConnectionCount(6, { first: 6 }));
  let refuse = () => {};
  const isRefused = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  const onWire: ObjectStore = {
    ...memoryStore(new MemoryServer()),
    putPart: async (_upload, number, _slice, _digest, { onSigned, onSent }) => {
      onSigned?.();
      onSent?.(0);
      await isRefused;
      // Their answers come one after the other.
      for (let turn = 0; turn < number; turn += 1) await new Promise(setImmediate);
      onSent?.(0);
      throw new UploadError("throttled", "503", { status: 503 });
    },
  };
  const store = limited(onWire, { slots: createSlots(6), line });
  const { signal } = new AbortController();
  const puts = Array.from({ length: 6 }, (_, i) => store.putPart(upload, i + 1, slice, digest, { signal }));
  const ended = Promise.allSettled(puts);
  await new Promise(setImmediate);

  refuse();
  await ended;

  expect(line.connections).toBe(3);
});

test("while small files are stored as fast as answers come, two requests more are under way than there are connections", async () => {
  const answers: (() => void)[] = [];
  const line = new Line(() => 0, new ConnectionCount(6, { first: 6 }));
  const onWire: ObjectStore = {
    ...memoryStore(new MemoryServer()),
    putObject: async (target, body, _digest, { onSent }) => {
      onSent?.(0);
      await new Promise<void>((resolve) => answers.push(resolve));
      return { key: target.key, size: body.size } as Awaited<ReturnType<ObjectStore["putObject"]>>;
    },
  };
  for (let brief = 0; brief < 6; brief += 1) line.answered({ ...line.begins(20_000), startedAt: -1, moving: -1 });
  const store = limited(onWire, { slots: createSlots(line.connections), line });
  const small = new Blob([new Uint8Array(20_000)]);
  const { signal } = new AbortController();

  const seen: number[] = [];
  const all = Array.from({ length: 12 }, (_, index) => store.putObject({ key: `${index}` }, small, digest, { signal }));
  for (let answered = 0; answered < all.length; answered += 1) {
    await new Promise(setImmediate);
    seen.push(answers.length - answered);
    answers[answered]?.();
  }
  await Promise.all(all);

  expect(seen).toEqual([6, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1]);
});
