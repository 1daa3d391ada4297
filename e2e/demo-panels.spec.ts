/** What stands below the uploads of the demo page: its requests, the check-up, and the code to take away. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { defaultCorsRules, type Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { corsRule } from "../packages/core/src/store/oss/cors-rule.js";
import { bucket, checkUpSum, checkUpSumInChinese, expect, MiB, openDemo, pick, test } from "./support/demo-page.js";

async function clipboard(page: Page): Promise<string> {
  return await page.evaluate(() => navigator.clipboard.readText());
}

function hideEtag(emulator: Emulator): void {
  const isShown = (name: string) => name !== "ETag";
  const rules = defaultCorsRules.map((rule) => ({ ...rule, exposeHeaders: rule.exposeHeaders?.filter(isShown) ?? [] }));
  emulator.setCors(bucket, rules);
}

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
});

test("the requests are listed as they end, and can be narrowed to an upload and to what failed", async ({
  page,
  demo,
  makeFile,
}) => {
  const paths = await Promise.all([
    makeFile("a.bin", { size: 20 * MiB, seed: 1 }),
    makeFile("b.bin", { size: 100, seed: 2 }),
  ]);
  await openDemo(page, demo);
  demo.emulator.faults.add({ on: "UploadPart", after: 1, fault: { kind: "slow-down", delayMs: 1 } });
  await page.getByTestId("requests").locator("summary").press("Enter");
  await pick(page, ...paths);
  const rows = page.getByTestId("requests-table").locator("[data-outcome]");
  await expect(rows.filter({ hasText: "CompleteMultipartUpload" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "PutObject" })).toHaveCount(1);

  const sentFor = (wanted: string) =>
    demo.emulator.requests.filter(({ key, method }) => key === wanted && method !== "OPTIONS").length;
  const sum = page.getByTestId("requests-sum");
  await expect(sum).toContainText("1 failed");
  const total = await rows.count();
  await page.getByTestId("requests-of").selectOption({ label: "b.bin" });
  await expect(rows).toHaveCount(sentFor("uploads/b.bin"));
  await page.getByTestId("requests-of").selectOption({ index: 0 });
  await expect(rows).toHaveCount(total);
  await page.getByTestId("requests-failed").press("Space");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("503 throttled");
  await expect(rows.locator(".request-requestId")).toHaveText(
    demo.emulator.requests.find(({ status }) => status === 503)?.requestId ?? "none",
  );
  await page.getByRole("button", { name: "Clear", exact: true }).press("Enter");
  await expect(sum).toHaveText("No request yet.");
});

test("all requests are listed until an upload is chosen, and the choice outlasts a change of language", async ({
  page,
  demo,
  makeFile,
}) => {
  const path = await makeFile("a.bin", { size: 100, seed: 1 });
  await openDemo(page, demo);
  await page.getByTestId("diagnosis-run").click();
  await expect(page.getByTestId("diagnosis-sum")).toBeVisible();
  await pick(page, path);
  await page.locator("[data-testid=upload][data-phase=completed]").waitFor();

  await page.getByTestId("requests").locator("summary").click();

  const rows = page.getByTestId("requests-table").locator("[data-outcome]");
  await expect(page.getByTestId("requests-of")).toHaveValue("*");
  await expect(rows.filter({ hasText: "PutObject" }).filter({ hasText: "a.bin" })).toHaveCount(1);
  await page.getByTestId("requests-of").selectOption({ label: "a.bin" });
  const chosen = await page.getByTestId("requests-of").inputValue();
  const listed = await rows.count();
  await page.getByTestId("language").selectOption("zh");
  await expect(page.getByTestId("requests-of")).toHaveValue(chosen);
  await expect(rows).toHaveCount(listed);
});

test("what is copied for a bug report has every request, and nothing secret", async ({ page, demo, makeFile }) => {
  const path = await makeFile("a.bin", { size: 20 * MiB, seed: 3 });
  const secrets = new Set<string>();
  page.on("request", (request) => {
    const { authorization, "x-oss-security-token": token } = request.headers();
    for (const value of [authorization, authorization?.split("Signature=")[1], token]) if (value) secrets.add(value);
    const { search } = new URL(request.url());
    if (search !== "") secrets.add(search);
  });
  page.on("response", async (response) => {
    if (!response.url().endsWith("/api/sts")) return;
    const { Expiration: _, ...token } = await response.json();
    for (const value of Object.values<string>(token)) secrets.add(value);
  });
  await openDemo(page, demo);
  await pick(page, path);
  await expect(page.getByTestId("requests-sum")).toContainText("request");
  await expect.poll(() => demo.emulator.object(bucket, "uploads/a.bin")).toBeDefined();
  await page.getByTestId("requests").locator("summary").click();
  await expect(page.getByTestId("requests-table")).toContainText("CompleteMultipartUpload");

  await page.getByRole("button", { name: "Copy for a bug report" }).press("Enter");
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const report = await clipboard(page);

  for (const { requestId, action } of demo.emulator.requests.filter(({ method }) => method !== "OPTIONS")) {
    expect(report).toContain(requestId);
    expect(report).toContain(action);
  }
  expect([...secrets].filter((secret) => secret.startsWith("OSS4-HMAC-SHA256 ")).length).toBeGreaterThan(0);
  expect([...secrets].filter((secret) => secret.startsWith("?")).length).toBeGreaterThan(0);
  for (const secret of secrets) expect(report).not.toContain(secret);
  expect(report).not.toMatch(/signature|security-token|\?/i);
});

test("a CORS rule that hides the ETag is found, with the rule for this page to paste", async ({ page, demo }) => {
  hideEtag(demo.emulator);
  await openDemo(page, demo);

  await page.getByTestId("diagnosis-run").press("Enter");

  const finding = page.locator("[data-check=exposed-headers]");
  await expect(finding).toHaveAttribute("data-status", "warning");
  await expect(page.getByTestId("diagnosis-sum")).toHaveText(checkUpSum(page, 1));
  await expect(page.getByTestId("announcements")).toHaveText(checkUpSum(page, 1));
  await expect(page.getByTestId("diagnosis-findings").getByRole("listitem")).toHaveCount(13);
  await page.getByRole("button", { name: "Copy the CORS rule" }).press("Enter");
  await expect(finding.getByText("Copied")).toBeVisible();
  expect(await clipboard(page)).toBe(corsRule(new URL(demo.url).origin));
  expect(demo.emulator.uploads(bucket)).toEqual([]);
});

test("a right that is missing is found, with the policy for this bucket to paste", async ({ page, demo }) => {
  await openDemo(page, demo);
  // The demo's own tokens may list, until somebody takes it from them.
  await page.getByTestId("forbid-listing").click();
  await expect(page.getByTestId("forbid-listing")).toHaveAttribute("aria-pressed", "true");

  await page.getByTestId("diagnosis-run").click();

  await expect(page.locator("[data-check=permissions]")).toContainText("oss:ListParts is not granted");
  const policy = JSON.parse((await page.getByTestId("finding-ram-policy").textContent()) ?? "");
  expect(policy.Statement[0].Action).toContain("oss:ListParts");
  expect(policy.Statement[0].Resource).toBe(`acs:oss:*:*:${bucket}/uploads/*`);
});

test("the recipes are the files of this repository, by keyboard, and are copied whole", async ({ page, demo }) => {
  await openDemo(page, demo);

  await page.getByRole("tab", { name: "Plain" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "React" })).toBeFocused();
  await expect(page.getByRole("tabpanel", { name: "React" })).toBeVisible();
  await expect(page.getByRole("tabpanel")).toHaveCount(1);
  await page.getByRole("button", { name: "Copy react/FileUpload.tsx" }).press("Enter");
  await expect(page.getByTestId("announcements")).toHaveText("Copied");

  const file = fileURLToPath(new URL("../demo/recipes/react/FileUpload.tsx", import.meta.url));
  expect(await clipboard(page)).toBe(await readFile(file, "utf8"));
  await page.keyboard.press("Shift+Tab");
  for (const [key, name] of [
    ["End", "Server"],
    ["ArrowRight", "Plain"],
    ["ArrowLeft", "Server"],
    ["Home", "Plain"],
  ] as const) {
    await page.getByRole("tab", { selected: true }).focus();
    await page.keyboard.press(key);
    await expect(page.getByRole("tab", { name })).toBeFocused();
    await expect(page.getByRole("tab", { selected: true })).toHaveText(name);
  }
});

test("the faults stay beside the uploads, and never cover a panel", async ({ page, demo }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openDemo(page, demo);

  await page.getByRole("tab", { name: "Plain" }).scrollIntoViewIfNeeded();

  const bottomOfFaults = await page.getByTestId("faults").evaluate((node) => node.getBoundingClientRect().bottom);
  const topOfPanels = await page.locator(".panels").evaluate((node) => node.getBoundingClientRect().top);
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
  expect(bottomOfFaults).toBeLessThanOrEqual(topOfPanels);
  await expect(page.locator(".footer")).toBeVisible();
});

for (const [colorScheme, width] of [
  ["light", 1280],
  ["dark", 390],
] as const) {
  test(`the panels keep nobody out and fit the screen, in ${colorScheme} at ${width} pixels, in both languages`, async ({
    page,
    demo,
    makeFile,
  }) => {
    const path = await makeFile("a.bin", { size: 20 * MiB, seed: 4 });
    hideEtag(demo.emulator);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openDemo(page, demo);
    await page.getByTestId("requests").locator("summary").click();
    await page.getByTestId("own-bucket").locator("summary").click();
    await pick(page, path);
    await expect(page.getByTestId("requests-table")).toContainText("CompleteMultipartUpload");
    await page.getByTestId("diagnosis-run").click();
    await expect(page.locator("[data-check=exposed-headers]")).toHaveAttribute("data-status", "warning");
    await page.getByTestId("own-connect").click();
    await expect(page.getByTestId("own-field-region-error")).toHaveText("This is needed.");

    await page.getByTestId("language").selectOption("zh");
    await expect(page.getByTestId("own-field-region-error")).toHaveText("此项必填。");
    await expect(page.getByTestId("diagnosis-sum")).toHaveText(checkUpSumInChinese(page, 1));
    await expect(page.getByTestId("requests-sum")).toContainText("个请求");
    for (const name of ["请求记录", "使用自己的 Bucket", "检查", "可直接使用的代码"]) {
      await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
    }
    const { violations } = await new AxeBuilder({ page }).include(".panels").analyze();

    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
