/** The service refuses what the app fetched: another key is fetched, and another, but neither for ever nor in a hurry. */
import { describe, expect, test } from "vitest";
import { minute, providedKeys, signal } from "../doubles/provided-keys.js";

describe("credentials that are fetched", () => {
  test("that were refused are renewed at once, by one call for everybody", async () => {
    const { source, key, reasons } = providedKeys(60 * minute);
    const refused = await source.current({ signal });

    const worthwhile = [source.refused(refused, 0), source.refused(refused, 1)];
    const next = await Promise.all([key(), key()]);

    expect(worthwhile).toEqual(["at once", "after"]);
    expect(next).toEqual(["key-2", "key-2"]);
    expect(reasons).toEqual(["first", "rejected"]);
  });

  test("that were refused after others had already replaced them need no further call", async () => {
    const { source, key, reasons } = providedKeys(60 * minute);
    const old = await source.current({ signal });
    source.refused(old, 0);
    await key();

    expect([0, 1, 2].map((refusals) => source.refused(old, refusals))).toEqual(["at once", "after", "final"]);
    expect(await key()).toBe("key-2");
    expect(reasons).toEqual(["first", "rejected"]);
  });

  test("that are refused again, without ever having been taken, are renewed once more after a pause", async () => {
    const { key, refuse, reasons, pauses } = providedKeys(60 * minute);

    const hope = [await refuse(), await refuse()];
    const third = await key();

    expect(hope).toEqual(["at once", "at once"]);
    expect(third).toBe("key-3");
    expect(reasons).toEqual(["first", "rejected", "rejected"]);
    expect(pauses).toEqual([expect.any(Number)]);
    expect(pauses[0]).toBeGreaterThanOrEqual(1000);
    expect(pauses[0]).toBeLessThan(2000);
  });

  test("that are refused a third time in a row have no further chance, for nobody who was sent with them", async () => {
    const { source, refuse } = providedKeys(60 * minute);
    await refuse();
    await refuse();
    const third = await source.current({ signal });

    expect([source.refused(third, 0), source.refused(third, 1)]).toEqual(["final", "final"]);
  });

  test("are asked for more and more slowly while none is ever taken, however many uploads try", async () => {
    const { refuse, pauses, reasons } = providedKeys(60 * minute);

    for (let turns = 0; turns < 12; turns += 1) await refuse();

    expect(reasons).toHaveLength(12);
    for (const [index, ms] of pauses.entries()) {
      expect(ms).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** index, 30_000));
      expect(ms).toBeLessThanOrEqual(30_000);
    }
    expect(pauses).toHaveLength(10);
  });

  test("are asked for at once again, three times, after one of them was taken", async () => {
    const { source, key, refuse, reasons, pauses } = providedKeys(60 * minute);
    await refuse();
    await refuse();
    source.accepted(await source.current({ signal }));
    const before = pauses.length;

    const hope = await refuse();
    await key();

    expect(hope).toBe("at once");
    expect(reasons).toHaveLength(4);
    expect(pauses).toHaveLength(before);
  });

  test("are not waited for longer than the pause when this machine's clock is set back, nor after a closed laptop", async () => {
    const { key, refuse, pauses, pass } = providedKeys(60 * minute);
    await refuse();
    await refuse();

    pass(-60 * minute);
    await key();
    const setBack = [...pauses];
    await refuse();
    pass(60 * minute);
    await key();

    expect(setBack).toHaveLength(1);
    expect(setBack[0]).toBeLessThan(2000);
    expect(pauses).toEqual(setBack);
  });

  test("that are paused for say until when", async () => {
    const { key, refuse, now } = providedKeys(60 * minute);
    await refuse();
    await refuse();
    const from = now();
    const waiting: unknown[] = [];

    await key({ onWaiting: (value) => waiting.push(value) });

    expect(waiting).toEqual([{ reason: "credentials", untilMs: expect.any(Number) }, null]);
    expect((waiting[0] as { untilMs: number }).untilMs - from).toBeGreaterThanOrEqual(1000);
  });

  test("that are refused after they had been taken have a further chance", async () => {
    const { source } = providedKeys(60 * minute);
    source.refused(await source.current({ signal }), 0);
    const second = await source.current({ signal });
    source.accepted(second);

    expect(source.refused(second, 0)).toBe("at once");
  });
});
