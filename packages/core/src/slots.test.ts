import { describe, expect, test } from "vitest";
import { createSlots } from "./slots.js";

const idle = new AbortController().signal;

describe("slots", () => {
  test("go by priority, then in order of arrival", async () => {
    const slots = createSlots(1);
    const first = await slots.acquire("normal", idle);
    const order: string[] = [];
    const queue = (["low", "normal", "high", "normal"] as const).map(async (priority, index) => {
      const release = await slots.acquire(priority, idle);
      order.push(`${priority} ${index}`);
      release();
    });

    first();
    await Promise.all(queue);

    expect(order).toEqual(["high 2", "normal 1", "normal 3", "low 0"]);
    expect(slots.free).toBe(true);
  });

  test("a place that was left is not given to who gave up waiting", async () => {
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

  test("a release that is called twice frees one place only", async () => {
    const slots = createSlots(2);
    const one = await slots.acquire("normal", idle);
    await slots.acquire("normal", idle);

    one();
    one();
    await slots.acquire("normal", idle);

    expect(slots.free).toBe(false);
  });
});
