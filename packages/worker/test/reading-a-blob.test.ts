/** A Blob is read to its end whatever its stream does, into few buffers, and not a byte more than is asked for. */
import { describe, expect, it } from "vitest";
import { readPieces } from "../src/read.js";
import { blobWithStream, collector, content, MiB, streamThat } from "./doubles/blobs-with-streams.js";

const never = new AbortController().signal;

describe("bytes that a stream does not deliver are read in slices", () => {
  it.each([
    ["falls silent", () => streamThat(() => new Promise<void>(() => {}))],
    ["fails", () => streamThat((controller) => controller.error(new Error("above 4 GB")))],
    ["ends early", () => streamThat((controller) => controller.close())],
    ["gives no bytes into a buffer", () => new ReadableStream<Uint8Array<ArrayBuffer>>()],
    [
      "cannot be opened",
      () => {
        throw new TypeError("not here");
      },
    ],
  ])("when it %s", async (_, stream) => {
    const { consume, bytes } = collector();

    await readPieces(blobWithStream(stream), { signal: never, consume, streamSilenceMs: 20 });

    expect(bytes().equals(content)).toBe(true);
  });
});

it("what a slow drive does not give in large slices is read in small ones", async () => {
  const half = content.subarray(0, 20 * MiB + 5);
  const blob = new Blob([half]);
  const { slice } = blob;
  const slow = Object.assign(blob, {
    stream: () => new ReadableStream(),
    slice(...range: [number, number]) {
      const bytes = slice.apply(blob, range);
      return bytes.size > MiB / 4 ? { arrayBuffer: () => new Promise(() => {}) } : bytes;
    },
  });
  const { consume, bytes } = collector();

  await readPieces(slow, { signal: never, consume, streamSilenceMs: 20 });

  expect(bytes().equals(half)).toBe(true);
});

it("a stream that falls silent can be cancelled at once", async () => {
  const stop = new AbortController();
  let pulled: () => void = () => {};
  const silent = new Promise<void>((resolve) => {
    pulled = resolve;
  });
  const blob = blobWithStream(() =>
    streamThat(() => {
      pulled();
      return new Promise(() => {});
    }),
  );
  const reading = readPieces(blob, { signal: stop.signal, consume: () => {}, streamSilenceMs: 60_000 });
  await silent;

  stop.abort(new Error("enough"));

  await expect(reading).rejects.toThrow("enough");
});

it("nothing is read if the signal is aborted before", async () => {
  const { consume, bytes } = collector();

  const reading = readPieces(new Blob([content]), { signal: AbortSignal.abort(new Error("enough")), consume });

  await expect(reading).rejects.toThrow("enough");
  expect(bytes().length).toBe(0);
});

it("at most two slices are read ahead of the consumer, however large the Blob is", async () => {
  let open = 0;
  let most = 0;
  const consume = () => {
    open -= 1;
  };
  const slice = {
    async arrayBuffer() {
      open += 1;
      most = Math.max(most, open);
      return new ArrayBuffer(0);
    },
  };
  const blob = { size: 64 * 8 * MiB, stream: () => new ReadableStream(), slice: () => slice } as unknown as Blob;

  await readPieces(blob, { signal: never, consume });

  expect(open).toBe(0);
  expect(most).toBe(2);
});

it("each read asks the stream to fill one buffer of 256 KiB, or to bring what is left", async () => {
  const size = 3 * MiB + 5;
  const part = new Blob([content.subarray(0, size)]);
  const { consume, bytes } = collector();
  const buffers: number[] = [];
  const asked: number[] = [];
  const open: number[] = [];
  const stream = () => {
    const opened = part.stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    const getReader = () => {
      const reader = ReadableStream.prototype.getReader.call(opened, { mode: "byob" }) as ReadableStreamBYOBReader;
      const read = (view: Uint8Array<ArrayBuffer>, { min }: { min: number }) => {
        buffers.push(view.buffer.byteLength);
        asked.push(min);
        open.push(size - bytes().length);
        return reader.read(view, { min });
      };
      return { read, cancel: () => reader.cancel() };
    };
    return Object.assign(opened, { getReader });
  };

  await readPieces(Object.assign(part.slice(), { stream }), { signal: never, consume });

  expect(bytes().equals(content.subarray(0, size))).toBe(true);
  expect(new Set(buffers)).toEqual(new Set([MiB / 4]));
  expect(asked).toEqual(open.map((left) => Math.min(left, MiB / 4)));
});

it("the next streams are read into the buffers of finished ones, also two at a time", async () => {
  const buffers = new Set<ArrayBufferLike>();
  const stream = () => {
    const read = async (value: Uint8Array) => {
      buffers.add(value.buffer);
      return { done: false, value };
    };
    return { getReader: () => ({ read, cancel: async () => {} }) } as unknown as ReadableStream<
      Uint8Array<ArrayBuffer>
    >;
  };
  const { consume, bytes } = collector();

  const two = () => [1, 2].map(() => readPieces(blobWithStream(stream), { signal: never, consume }));
  await Promise.all(two());
  await Promise.all(two());

  expect(bytes().length).toBe(4 * content.length);
  expect(buffers.size).toBe(2);
});
