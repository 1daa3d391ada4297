/** What workers do on a thread of their own, done on the caller's: the same answers, the same errors, and nothing left when it is stopped. */

import type { ByteWorker } from "@ossicle/worker/contract";
import { expect, test, vi } from "vitest";
import { createByteWorker } from "../../../worker/src/byte-worker.js";
import { inThread } from "../../src/workers/in-thread.js";

const signal = new AbortController().signal;
const both = { md5: true, crc64: true };
const request = {
  method: "PUT",
  url: "https://a.example/",
  headers: {},
  stallTimeoutMs: 1_000,
  answerTimeoutMs: 1_000,
};

function worker(differences: Partial<ByteWorker>): ByteWorker {
  return { ...createByteWorker(), ...differences };
}

test("bytes are digested as in a worker, one by one and four at a time", async () => {
  const workers = inThread(createByteWorker(), 1_000);
  const blob = new Blob(["123456789"]);

  const one = await workers.digest(blob, both, { signal });
  const four = await workers.digestFour([blob, blob, blob, blob], both, { signal });

  expect(one).toMatchObject({ crc64: 0x995dc9bbdf1939fan, size: 9 });
  expect(four).toEqual([one, one, one, one]);
});

test("what is sent is told to who sends it, while it is sent", async () => {
  let port: MessagePort | undefined;
  const told: number[] = [];
  const workers = inThread(
    worker({
      reportProgressTo: async (given) => {
        port = given;
      },
      send: async (call) => {
        port?.postMessage({ call, bytes: 5 });
        port?.postMessage({ call: call + 1, bytes: 7 });
        return { ok: true, value: { status: 200, headers: {}, elsewhere: false, body: "" } };
      },
    }),
    1_000,
  );

  await workers.send(request, { signal, onSent: (bytes) => told.push(bytes) });

  expect(told).toEqual([5]);
});

test.each([
  ["by its signal", "signal"],
  ["because all end", "close"],
] as const)("a request that is stopped %s is cancelled, and rejects", async (_how, by) => {
  const stop = new AbortController();
  let settle: (() => void) | undefined;
  const cancel = vi.fn(async () => settle?.());
  const cancelled = { ok: false, failure: { kind: "cancelled", message: "it was cancelled" } } as const;
  const send: ByteWorker["send"] = () =>
    new Promise((resolve) => {
      settle = () => resolve(cancelled);
    });
  const workers = inThread(worker({ send, cancel }), 1_000);
  const sending = workers.send(request, { signal: stop.signal });
  await vi.waitFor(() => expect(settle).toBeDefined());

  if (by === "signal") stop.abort("enough");
  else workers.close();

  if (by === "signal") await expect(sending).rejects.toBe("enough");
  else await expect(sending).rejects.toMatchObject({ name: "AbortError" });
  expect(cancel).toHaveBeenCalledOnce();
});

test("a failure is the error that a worker's is", async () => {
  const failure = { kind: "silent", message: "no byte came" } as const;
  const workers = inThread(worker({ digest: async () => ({ ok: false, failure }) }), 1_000);

  await expect(workers.digest(new Blob(["a"]), both, { signal })).rejects.toMatchObject({ code: "file-unreadable" });
  expect(await workers.parseXml("<a>")).toBeUndefined();
});
