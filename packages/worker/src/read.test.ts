import { afterEach, describe, expect, it, vi } from "vitest";
import type { Four } from "./contract.js";
import { readFour, readPieces } from "./read.js";

const MiB = 2 ** 20;
const never = new AbortController().signal;

function collector() {
  const pieces: Uint8Array[] = [];
  // Copied, because a piece is overwritten after the call.
  return { consume: (piece: Uint8Array) => void pieces.push(piece.slice()), bytes: () => Buffer.concat(pieces) };
}

const content = Buffer.from(Uint8Array.from({ length: 40 * MiB }, (_, i) => (i * 31) >>> 5));

/** A Blob with the stream of a test. Its slices are real. */
function blobWithStream(stream: () => ReadableStream<Uint8Array<ArrayBuffer>>): Blob {
  return Object.assign(new Blob([content]), { stream });
}

/** A stream that delivers 3 MiB and then ends as the test says. */
function streamThat(ends: (controller: ReadableStreamController<Uint8Array<ArrayBuffer>>) => void | Promise<void>) {
  let delivered = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    type: "bytes",
    pull(controller) {
      if (delivered === 3 * MiB) return ends(controller);
      controller.enqueue(new Uint8Array(content.subarray(delivered, delivered + MiB)));
      delivered += MiB;
      return undefined;
    },
  });
}

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

describe("four Blobs are read side by side", () => {
  const half = content.subarray(0, 3 * MiB + 5);
  const fine = () => new Blob([half]);
  /** Four Blobs, the second with the stream `bad`. */
  const fourWith = (bad: () => ReadableStream<Uint8Array<ArrayBuffer>>): Four<Blob> => [
    fine(),
    Object.assign(fine(), { stream: bad }),
    fine(),
    fine(),
  ];
  const collectors = () => [collector(), collector(), collector(), collector()] as const;

  it("in pieces of the same length, to their ends", async () => {
    const four = collectors();
    const lengths: number[] = [];

    const whole = await readFour([fine(), fine(), fine(), fine()], {
      signal: never,
      consume: (pieces) => {
        expect(new Set(pieces.map(({ length }) => length)).size).toBe(1);
        lengths.push(pieces[0].length);
        for (const [i, piece] of pieces.entries()) four[i]?.consume(piece);
      },
    });

    expect(whole).toBe(true);
    for (const { bytes } of four) expect(bytes().equals(half)).toBe(true);
    expect(lengths).toEqual([MiB, MiB, MiB, 5]);
  });

  it.each([
    ["falls silent", () => streamThat(() => new Promise<void>(() => {}))],
    ["fails", () => streamThat((controller) => controller.error(new Error("above 4 GB")))],
    ["ends early", () => streamThat((controller) => controller.close())],
    ["gives no bytes into a buffer", () => new ReadableStream<Uint8Array<ArrayBuffer>>()],
  ])("and that fails if the stream of one %s", async (_, stream) => {
    const whole = await readFour(fourWith(stream), { signal: never, consume: () => {}, streamSilenceMs: 20 });

    expect(whole).toBe(false);
  });

  it("until the signal is aborted", async () => {
    const stop = new AbortController();
    let pulled: () => void = () => {};
    const silent = new Promise<void>((resolve) => {
      pulled = resolve;
    });
    const never = () =>
      streamThat(() => {
        pulled();
        return new Promise(() => {});
      });
    const reading = readFour(fourWith(never), { signal: stop.signal, consume: () => {}, streamSilenceMs: 60_000 });
    await silent;

    stop.abort(new Error("enough"));

    await expect(reading).rejects.toThrow("enough");
  });

  it("into the same four buffers, where a browser brings fewer bytes than a read asks for", async () => {
    const buffers = new Set<ArrayBufferLike>();
    const stream = () => {
      const read = async (view: Uint8Array) => {
        buffers.add(view.buffer);
        // What one read of the browser's pipe brings without `min`.
        return { done: false, value: view.subarray(0, Math.min(view.length, 65_536)) };
      };
      return { getReader: () => ({ read, cancel: async () => {} }) } as unknown as ReadableStream<
        Uint8Array<ArrayBuffer>
      >;
    };
    const blob = () => Object.assign(fine(), { stream });
    const lengths: number[] = [];
    const consume = ([first]: Four<Uint8Array>) => void lengths.push(first.length);

    for (let times = 0; times < 2; times++)
      await readFour([blob(), blob(), blob(), blob()], { signal: never, consume });

    expect(lengths).toEqual([MiB, MiB, MiB, 5, MiB, MiB, MiB, 5]);
    expect(buffers.size).toBe(4);
  });
});

describe("a worker handles events while it hashes bytes that have arrived already", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  async function heardWhileReading(): Promise<number> {
    let heard = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      heard += 1;
      port2.postMessage(undefined);
    };
    port2.postMessage(undefined);
    const busy = () => {
      const until = performance.now() + 2;
      while (performance.now() < until);
    };
    const blob = blobWithStream(() => {
      let delivered = 0;
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        type: "bytes",
        pull(controller) {
          controller.enqueue(new Uint8Array(content.subarray(delivered, delivered + MiB)));
          delivered += MiB;
          if (delivered === content.length) controller.close();
        },
      });
    });
    await readPieces(blob, { signal: never, consume: busy });
    port1.close();
    return heard;
  }

  it("by pausing for a message where the browser has no scheduler", async () => {
    const heard = await heardWhileReading();

    // 160 pieces of 2 ms each, and a pause at least after every third.
    expect(heard).toBeGreaterThanOrEqual(50);
  });

  it("by pausing for a task of the lowest priority where the browser has a scheduler", async () => {
    const priorities = new Set<string>();
    const postTask = (callback: () => void, { priority }: { priority: string }) => {
      priorities.add(priority);
      return new Promise<void>((resolve) => setImmediate(() => resolve(callback())));
    };
    vi.stubGlobal("scheduler", { postTask });

    const heard = await heardWhileReading();

    expect(heard).toBeGreaterThanOrEqual(50);
    expect(priorities).toEqual(new Set(["background"]));
  });
});
