import { describe, expect, test } from "vitest";
import { createSlots } from "./slots.js";

const idle = new AbortController().signal;

describe("slots", () => {
  test("go by priority, then in order of arrival", async () => {
    const slots = createSlots(1);
    const first = await slots.acquire("normal", idle);
    const order: string[] = [];
    const queue = (["low", "normal", "high", "normal", "first"] as const).map(async (priority, index) => {
      const release = await slots.acquire(priority, idle);
      order.push(`${priority} ${index}`);
      release();
    });

    first();
    await Promise.all(queue);

    expect(order).toEqual(["first 4", "high 2", "normal 1", "normal 3", "low 0"]);
    expect(slots.free).toBe(true);
  });

  test("a slot that comes free is not given to a caller that stopped waiting", async () => {
    const slots = createSlots(1);
    const release = await slots.acquire("normal", idle);
    const controller = new AbortController();
    const impatient = slots.acquire("high", controller.signal);
    const patient = slots.acquire("low", idle);

    controller.abort("enough");
    release();

    await expect(impatient).rejects.toBe("enough");
    (await patient)();
    expect(slots.free).toBe(true);
  });

  test("a release that is called twice frees one slot only", async () => {
    const slots = createSlots(2);
    const one = await slots.acquire("normal", idle);
    await slots.acquire("normal", idle);

    one();
    one();
    await slots.acquire("normal", idle);

    expect(slots.free).toBe(false);
  });

  test("new ones go at once to the callers that wait, in order", async () => {
    const slots = createSlots(1);
    await slots.acquire("normal", idle);
    const came: number[] = [];
    const waiting = [1, 2, 3].map(async (number) => {
      await slots.acquire("normal", idle);
      came.push(number);
    });

    slots.resize(3);
    await Promise.all(waiting.slice(0, 2));

    expect(came).toEqual([1, 2]);
  });

  test("fewer of them are given out again when enough have come back", async () => {
    const slots = createSlots(3);
    const releases = await Promise.all([1, 2, 3].map(() => slots.acquire("normal", idle)));
    let came = false;
    const next = slots.acquire("normal", idle).then(() => {
      came = true;
    });
    slots.resize(1);

    releases[0]?.();
    releases[1]?.();
    await new Promise(setImmediate);
    const whileOneIsTaken = came;
    releases[2]?.();
    await next;

    expect(whileOneIsTaken).toBe(false);
    expect(came).toBe(true);
  });
});
