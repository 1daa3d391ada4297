import { afterEach, expect, test, vi } from "vitest";
import { webLocks } from "./locks.js";

afterEach(() => vi.unstubAllGlobals());

/** A browser whose locks change, and that answers when it is told to. */
function browserWith(names: Set<string>) {
  const answers: (() => void)[] = [];
  let asked = 0;
  const query = () => {
    asked += 1;
    const held = [...names].map((name) => ({ name }));
    return new Promise((resolve) => answers.push(() => resolve({ held })));
  };
  vi.stubGlobal("navigator", { locks: { query } });
  return { asked: () => asked, answer: () => answers.shift()?.() };
}

test("thousands who ask which locks are held are answered by two questions, and each hears what was held after it had asked", async () => {
  const names = new Set(["first"]);
  const browser = browserWith(names);
  const locks = webLocks();

  const early = locks.held();
  names.add("second");
  const late = Promise.all(Array.from({ length: 5_000 }, () => locks.held()));
  browser.answer();
  const seenEarly = await early;
  await vi.waitFor(() => expect(browser.asked()).toBe(2));
  browser.answer();
  const seenLate = await late;

  expect(seenEarly).toEqual(new Set(["first"]));
  expect(seenLate.every((seen) => seen.has("second"))).toBe(true);
  expect(browser.asked()).toBe(2);
});

test("a question that fails does not fail those that come later", async () => {
  const query = vi
    .fn()
    .mockRejectedValueOnce(new Error("not now"))
    .mockResolvedValue({ held: [{ name: "a" }] });
  vi.stubGlobal("navigator", { locks: { query } });
  const locks = webLocks();

  const [failed, waited] = await Promise.allSettled([locks.held(), locks.held()]);

  expect(failed.status).toBe("rejected");
  expect(waited).toEqual({ status: "fulfilled", value: new Set(["a"]) });
  expect(await locks.held()).toEqual(new Set(["a"]));
});
