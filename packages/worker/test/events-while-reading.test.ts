/** Reading lets events through: behind an answer that is not heard a connection stands idle. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { readPieces } from "../src/read.js";
import { blobWithStream, content, MiB } from "./doubles/blobs-with-streams.js";

const never = new AbortController().signal;

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
