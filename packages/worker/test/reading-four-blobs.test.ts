/** Four Blobs are read in step, so that four parts can be hashed side by side. */
import { describe, expect, it } from "vitest";
import type { Four } from "../src/contract.js";
import { readFour } from "../src/read.js";
import { collector, content, MiB, streamThat } from "./doubles/blobs-with-streams.js";

const never = new AbortController().signal;

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
