/** Parts that are digested before a connection is free for them: how many, in what company, and when it ends. */
import { expect, test } from "vitest";
import { deferred } from "../../upload/deferred.js";
import type { ByteWorkers, Digest, DigestKinds } from "../../workers/byte-workers.js";
import type { RunContext } from "../context.js";
import { inUnits } from "./positions.js";
import { ReadAhead } from "./read-ahead.js";
import type { PartTask } from "./reconcile.js";

interface Call {
  readonly sizes: readonly number[];
  readonly wanted: DigestKinds;
  readonly signal: AbortSignal;
  end(error?: Error): void;
}

interface Setting {
  readonly connections?: number;
  /** Of the line, bytes per second. */
  readonly speed?: number;
  readonly given?: readonly PartTask[];
}

const partSize = 10;
const tasksOf = (parts: number) =>
  inUnits({ fileSize: parts * partSize, unit: partSize }).map((range): PartTask => ({ range }));
const digestOf = (blob: Blob): Digest => ({ size: blob.size, md5: new Uint8Array(16), crc64: 1n });

/** A file of so many parts, read ahead by so many lanes; each digest ends when the test says so. */
function readAhead(parts: number, { connections = 4, speed = 1e9, given }: Setting = {}) {
  const calls: Call[] = [];
  const call = async <T>(blobs: readonly Blob[], wanted: DigestKinds, signal: AbortSignal, value: T): Promise<T> => {
    const ended = deferred<T>();
    signal.addEventListener("abort", () => ended.reject(signal.reason));
    const end = (error?: Error) => (error === undefined ? ended.resolve(value) : ended.reject(error));
    calls.push({ sizes: blobs.map(({ size }) => size), wanted, signal, end });
    return await ended.promise;
  };
  const workers: Pick<ByteWorkers, "digest" | "digestFour"> = {
    digest: (blob, wanted, { signal }) => call([blob], wanted, signal, digestOf(blob)),
    digestFour: ([a, b, c, d], wanted, { signal }) =>
      call([a, b, c, d], wanted, signal, [digestOf(a), digestOf(b), digestOf(c), digestOf(d)] as const),
  };
  const stop = new AbortController();
  const line = { bytesPerSecond: speed, connections };
  const context = {
    world: { workers, line },
    settings: { digests: { md5: false, crc64: true } },
    file: new Blob([new Uint8Array(parts * partSize)]),
    signal: stop.signal,
  } as unknown as RunContext;
  const tasks = [...(given ?? tasksOf(parts))];
  const ahead = new ReadAhead(context, { next: () => tasks.shift() });
  return { ahead, calls, stop, line, tasks, left: () => tasks.length };
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

const counts = (calls: readonly Call[]) => calls.map(({ sizes }) => sizes.length);

async function take(ahead: ReadAhead): Promise<number | undefined> {
  return (await ahead.next()).value?.task.range.number;
}

test("on a fast line the first part is read alone, then four at a time", async () => {
  const { ahead, calls } = readAhead(100);
  await settled();
  const first = counts(calls);

  calls[0]?.end();
  await settled();

  expect(first).toEqual([1]);
  expect(counts(calls)).toEqual([1, 4]);
  calls[1]?.end();
  await ahead.end();
});

test("on a fast line four more are read whenever no more than four wait, and all come in order", async () => {
  const { ahead, calls } = readAhead(14);
  const numbers: (number | undefined)[] = [];
  const begun: number[] = [];

  for (let taken = 0; taken < 15; taken += 1) {
    await settled();
    for (const call of calls) call.end();
    await settled();
    numbers.push(await take(ahead));
    ahead.finished();
    begun.push(counts(calls).reduce((sum, count) => sum + count, 0) - taken);
  }

  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, undefined]);
  expect(Math.max(...begun)).toBeLessThanOrEqual(9);
  // The last one has no company of four.
  expect(counts(calls)).toEqual([1, 4, 4, 4, 1]);
  await ahead.end();
});

test("lanes that ask at the same time get a part each", async () => {
  const { ahead, calls } = readAhead(6);

  const asked = Promise.all([take(ahead), take(ahead), take(ahead), take(ahead)]);
  await settled();
  calls[0]?.end();

  expect(await asked).toEqual([1, 2, 3, 4]);
  await ahead.end();
});

test("what is listed is read for both digests, and so is what is read beside it", async () => {
  const listed = { number: 2, size: partSize, etag: "E" } as unknown as NonNullable<PartTask["listed"]>;
  const tasks = tasksOf(9).map(({ range }) => ({ range, ...(range.number === 2 && { listed }) }));
  const { ahead, calls } = readAhead(9, { given: tasks });

  for (let call = 0; call < 3; call += 1) {
    await settled();
    calls[call]?.end();
    await take(ahead);
  }

  expect(calls.map(({ wanted: { md5, crc64 } }) => [md5, crc64])).toEqual([
    [false, true],
    [true, true],
    [false, true],
  ]);
  await ahead.end();
});

test("the caller who takes a part is told of the failure of its digest; the others are read all the same", async () => {
  const { ahead, calls } = readAhead(5);
  await settled();
  calls[0]?.end(new Error("unreadable"));
  await settled();
  calls[1]?.end();

  const first = (await ahead.next()).value;
  const second = (await ahead.next()).value;

  await expect(first?.digest).rejects.toThrow("unreadable");
  expect(await second?.digest).toMatchObject({ size: partSize });
  await ahead.end();
});

test("once it is ended nothing is read any more, and nothing more is begun", async () => {
  const { ahead, calls } = readAhead(100);
  await settled();
  calls[0]?.end();
  await settled();

  await ahead.end();
  await settled();

  expect(calls.at(-1)?.signal.aborted).toBe(true);
  expect(counts(calls)).toEqual([1, 4]);
});

test("on a line that is not fast a part is cut and read only when a connection is free for it", async () => {
  const { ahead, calls, left, line } = readAhead(100, { connections: 3, speed: 0 });
  const begun = left();
  const asked = Array.from({ length: 8 }, () => take(ahead));
  for (let call = 0; call < 3; call += 1) {
    await settled();
    for (const each of calls) each.end();
  }
  const taken = 100 - left();

  ahead.finished();
  await settled();
  const afterOne = 100 - left();
  line.connections = 5;
  ahead.finished();
  await settled();

  expect([begun, taken, afterOne, 100 - left()]).toEqual([99, 3, 4, 7]);
  await ahead.end();
  expect((await Promise.all(asked)).filter((number) => number !== undefined)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("lanes that no connection is free for end when nothing is left, and not before", async () => {
  const { ahead, calls } = readAhead(2, { connections: 1, speed: 0 });
  const asked = [take(ahead), take(ahead), take(ahead)];
  await settled();
  calls[0]?.end();

  ahead.finished();
  await settled();
  calls[1]?.end();
  ahead.finished();

  expect(await Promise.all(asked)).toEqual([1, 2, undefined]);
  await ahead.end();
});

test("lanes that find nothing left wait for what the last part becomes: cut again, it is for all of them", async () => {
  const { ahead, calls, tasks } = readAhead(1, { connections: 3, speed: 0 });
  const asked = [take(ahead), take(ahead), take(ahead)];
  await settled();
  calls[0]?.end();
  await settled();

  tasks.push(...tasksOf(3));
  ahead.finished();
  const again = take(ahead);
  await settled();
  calls[1]?.end();

  await settled();
  calls[2]?.end();
  expect((await Promise.all([...asked, again])).sort()).toEqual([1, 1, 2, 3]);
  await ahead.end();
});
