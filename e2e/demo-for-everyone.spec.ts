/** The page without a mouse, without sight, in another language, in the dark, and with more files than anybody looks at. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import {
  drop,
  expect,
  holdFrom,
  isReady,
  isStored,
  openDemo,
  pick,
  rowOf,
  test,
  withoutKeeper,
} from "./support/demo-page.js";

async function violations(page: Page): Promise<unknown> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`nothing keeps anybody out, in ${colorScheme}`, async ({ page, demo, makeFile }) => {
    const path = await makeFile("holiday.bin");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await withoutKeeper(page);
    await openDemo(page, demo);
    expect(await violations(page)).toEqual([]);
    demo.emulator.faults.add({
      on: ["PostObject", "PutObject"],
      times: 2,
      fault: { kind: "error", status: 403, code: "AccessDenied" },
    });
    await pick(page, await makeFile("refused.bin", { size: 1000 }));
    await expect(rowOf(page, "refused.bin")).toHaveAttribute("data-phase", "failed");
    const held = holdFrom(demo, 2);
    await pick(page, path);
    await isStored(page, "holiday.bin", 2);
    expect(await violations(page)).toEqual([]);

    await page.getByRole("button", { name: "Details of refused.bin" }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByTestId("language").selectOption("zh");
    expect(await violations(page)).toEqual([]);

    await page.reload();
    await isReady(page);
    await expect(page.getByTestId("pending-section")).toBeVisible();
    expect(await violations(page)).toEqual([]);
    held.remove();
  });
}

test("every control can be reached and worked by keyboard alone", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await isStored(page, "holiday.bin", 2);
  const controls = await page.evaluate(() => {
    const below = (root: ParentNode): readonly HTMLElement[] =>
      [...root.querySelectorAll<HTMLElement>("*")].flatMap((node) => [
        node,
        ...(node.shadowRoot === null ? [] : below(node.shadowRoot)),
      ]);
    const all = below(document).filter((node) => node.matches("button, a[href], input, select, summary, [tabindex]"));
    const seen = all.filter((node) => node.checkVisibility() && node.tabIndex >= 0 && !node.matches(":disabled"));
    // Of a group of radio buttons the Tab key stops at the one that is chosen; the arrow keys go on.
    const stops = seen.filter((node) => !(node instanceof HTMLInputElement && node.type === "radio" && !node.checked));
    for (const [place, node] of stops.entries()) node.dataset.stop = String(place);
    return stops.length;
  });

  const reached = new Set<string>();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // No press more than is needed: behind the last control the browser's own begin, and in Firefox they keep the keyboard.
  for (let press = 0; press < controls + 5 && reached.size < controls; press += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      let active = document.activeElement;
      for (; active?.shadowRoot?.activeElement; ) active = active.shadowRoot.activeElement;
      return (active as HTMLElement | null)?.dataset.stop;
    });
    if (stop !== undefined) reached.add(stop);
  }
  expect(reached.size).toBe(controls);

  const row = rowOf(page, "holiday.bin");
  await page.getByRole("button", { name: "Pause holiday.bin" }).press("Enter");
  await expect(row).toHaveAttribute("data-phase", "paused");
  await page.getByTestId("filter-all").press("ArrowRight");
  await expect(page.getByTestId("filter-moving")).toBeFocused();
  await expect(row).toHaveCount(0);
  await page.getByTestId("filter-moving").press("ArrowLeft");
  await page.getByRole("button", { name: "Details of holiday.bin" }).press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Details of holiday.bin" })).toBeFocused();
  await page.getByRole("button", { name: "Resume holiday.bin" }).press("Space");
  await expect(row).toHaveAttribute("data-phase", "uploading");
  await page.getByRole("button", { name: "Cancel holiday.bin" }).press("Enter");
  await expect(row).toHaveAttribute("data-phase", "cancelled");
  // The button is gone; the keyboard is where it was, not at the top of the page.
  await expect(row).toBeFocused();
  held.remove();
});

test("the language changes at once, in the middle of an upload, and is remembered", async ({
  page,
  demo,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await isStored(page, "holiday.bin", 2);
  await expect(page.getByRole("heading", { name: "Make it hard" })).toBeVisible();

  await page.getByTestId("language").selectOption("zh");

  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(page.getByRole("heading", { name: "制造故障" })).toBeVisible();
  await expect(rowOf(page, "holiday.bin")).toContainText("正在上传");
  await expect(page.getByRole("button", { name: "暂停 holiday.bin" })).toBeVisible();
  held.remove();
  await expect(rowOf(page, "holiday.bin")).toContainText("已通过 CRC-64 校验");
  await page.reload();
  await isReady(page);
  await expect(page.getByTestId("language")).toHaveValue("zh");
  await expect(page).toHaveTitle(/断点续传/);
});

test.describe("in a Chinese browser", () => {
  test.use({ locale: "zh-CN" });

  test("the page speaks Chinese from the start, and no English is left on it", async ({ page, demo }) => {
    await openDemo(page, demo);

    const english = await page.evaluate(() => {
      const found: string[] = [];
      function look(root: Node): void {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          if (node instanceof Element && node.shadowRoot !== null) look(node.shadowRoot);
          const parent = node.parentElement;
          if (!(node instanceof Text) || parent === null || parent.matches("style")) continue;
          if (!parent.checkVisibility() || parent.closest("code, pre, [lang=en]") !== null) continue;
          // Names and units are the same in both languages; a sentence has three words in a row.
          if (/[a-z]+ [a-z]+ [a-z]+/i.test(node.data)) found.push(node.data);
        }
      }
      look(document.body);
      return found;
    });

    await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
    expect(english).toEqual([]);
  });
});

test("an end is announced politely and once, many of them as a number", async ({ page, demo, makeFile }) => {
  await openDemo(page, demo);
  await page.getByTestId("announcements").evaluate((region) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(region.textContent ?? "")).observe(region, { childList: true });
  });

  await drop(page, await makeFile("one.bin", { size: 1000 }));
  const heard = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await expect.poll(heard).toEqual(["one.bin is stored. Verified by CRC-64."]);
  await expect(page.getByTestId("announcements")).toHaveAttribute("aria-live", "polite");

  const many = await Promise.all(["a", "b", "c", "d", "e"].map((name) => makeFile(`${name}.bin`, { size: 1000 })));
  await drop(page, ...many);
  await expect(page.locator("[data-testid=upload][data-phase=completed]")).toHaveCount(6);
  await expect.poll(async () => (await heard()).join(" ").match(/stored/g)?.length).toBeGreaterThan(1);
  expect((await heard()).filter((sentence) => sentence.includes("one.bin"))).toHaveLength(1);
});

test("the tab's title shows the progress, and the screen stays on only while something moves", async ({
  page,
  demo,
  makeFile,
}) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const title = await page.title();
  const held = holdFrom(demo, 3);
  await pick(page, path);
  await isStored(page, "holiday.bin", 3);

  await expect(page).toHaveTitle(new RegExp(`^\\d+ % · ${title}$`));
  await expect(page.getByTestId("awake")).toBeVisible();
  held.remove();
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");

  await expect(page).toHaveTitle(title);
  await expect(page.getByTestId("awake")).toBeHidden();
});

test("where nothing can be kept the page says so, and that leaving would cost it", async ({
  page,
  demo,
  makeFile,
  problems,
}) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("Storage is switched off", "SecurityError");
    };
  });
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 2);
  await pick(page, path);
  await isStored(page, "holiday.bin", 2);

  await expect(page.getByTestId("leaving")).toBeVisible();
  await expect(rowOf(page, "holiday.bin")).toContainText("after a reload it would start over");

  held.remove();
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await expect(page.getByTestId("leaving")).toBeHidden();
  // The library says it once on the console.
  expect(problems.splice(0).filter((problem) => !problem.includes("The browser's database failed"))).toEqual([]);
});

test("nothing jumps while an upload goes on", async ({ page, demo, makeFile }) => {
  const path = await makeFile("holiday.bin");
  await openDemo(page, demo);
  const held = holdFrom(demo, 1);
  await pick(page, path);
  await isStored(page, "holiday.bin", 1);
  await page.evaluate(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: "layout-shift" });
  });

  held.remove();
  await expect(rowOf(page, "holiday.bin")).toHaveAttribute("data-phase", "completed");
  await expect(page.getByTestId("uploads-sum")).toContainText("stored and verified");

  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.005);
});
