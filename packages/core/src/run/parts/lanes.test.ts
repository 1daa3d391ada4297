import { describe, expect, test } from "vitest";
import { inLanes, together } from "./lanes.js";

const idle = new AbortController().signal;
const until = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
  );

describe("lanes", () => {
  test("never run more tasks at a time than there are lanes, and run all of them once", async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;

    await inLanes(
      Array.from({ length: 20 }, (_, index) => index),
      3,
      idle,
      async (task) => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
        done.push(task);
      },
    );

    expect(most).toBe(3);
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test("the first failure stops the others, and is thrown only when all have stopped", async () => {
    const stopped: number[] = [];
    const failing = inLanes([1, 2, 3, 4], 3, idle, async (task, signal) => {
      if (task === 2) throw new Error("the second");
      await until(signal).catch(() => undefined);
      await new Promise(setImmediate);
      stopped.push(task);
    });

    await expect(failing).rejects.toThrow("the second");
    expect(stopped.sort()).toEqual([1, 3]);
  });

  test("an abort from outside wins over the failures it causes", async () => {
    const controller = new AbortController();
    const running = inLanes([1, 2], 2, controller.signal, async (_task, signal) => {
      await until(signal);
    });

    controller.abort("paused");

    await expect(running).rejects.toBe("paused");
  });

  test("jobs that run together end together", async () => {
    const ended: string[] = [];
    const pair = together(
      idle,
      async (signal) => {
        await until(signal).catch(() => undefined);
        ended.push("first");
      },
      async () => {
        throw new Error("second");
      },
    );

    await expect(pair).rejects.toThrow("second");
    expect(ended).toEqual(["first"]);
  });
});
