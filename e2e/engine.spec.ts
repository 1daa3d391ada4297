/** The browser that runs these specs is one that the library is for. */
import { expect, test } from "./fixtures.js";
import { lookAtEngine } from "./support/engine.js";

test("this browser has everything that is needed", async ({ page, browser, pageServer }) => {
  await page.goto(pageServer.page());

  const { needed } = await lookAtEngine(page, browser.version());

  expect(Object.values(needed)).toEqual(Object.keys(needed).map(() => true));
});
