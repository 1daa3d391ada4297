/** What befalls the page or its browser in the middle of uploads. Each ends with a page on which everything open is uploading. */
import type { BrowserContext, Page } from "@playwright/test";
import { quiet } from "../support/left-behind.js";
import { tell } from "../support/steering.js";
import { stateOf } from "../support/uploading.js";
import { change, type Desk, note, openPage, start, type Wanted } from "./user.js";

export interface Scene {
  context: BrowserContext;
  page: Page;
  /** What the page uploads, in the order of its uploads. */
  open: readonly Wanted[];
}

type Interruption = (desk: Desk, scene: Scene) => Promise<void>;

/** What is not known to have ended is wanted again; sometimes the file has changed since. */
async function again(desk: Desk, scene: Scene): Promise<void> {
  const { by, emulator, tally } = desk;
  scene.open = scene.open.filter(({ outcome }) => outcome === "open");
  const large = scene.open.filter(({ size }) => size > 0);
  if (large.length > 0 && by.happens(0.2)) {
    // What the last page sent has arrived, or it could be taken for the next one's.
    await quiet(emulator);
    await change(by.oneOf(large), by);
    tally.add("a file that changed between two pages");
  }
  await start(desk, scene.page, scene.open);
}

async function newPage(desk: Desk, scene: Scene): Promise<void> {
  scene.page = await openPage(desk, scene.context);
  await again(desk, scene);
}

export const interruptions: Readonly<Record<string, Interruption>> = {
  "a reload": async (desk, scene) => {
    await note(scene.page, scene.open);
    await scene.page.reload();
    await again(desk, scene);
  },
  "a SIGKILL of the browser": async (desk, scene) => {
    await note(scene.page, scene.open);
    await desk.profile.kill();
    scene.context = await desk.profile.launch();
    await newPage(desk, scene);
  },
  "a crash of the tab": async (desk, scene) => {
    await note(scene.page, scene.open);
    const { page } = scene;
    const crashed = page.waitForEvent("crash");
    const session = await scene.context.newCDPSession(page);
    // It has nobody left to answer it.
    session.send("Page.crash").catch(() => undefined);
    await crashed;
    await newPage(desk, scene);
    await page.close();
  },
  "a second tab with the same files, and the first one closed": async (desk, scene) => {
    const { page } = scene;
    await note(page, scene.open);
    await newPage(desk, scene);
    await desk.emulator.waitForRequest(({ phase }) => phase !== "received");
    await page.close();
    // What the first one finished meanwhile the second is sending once more, and has to finish, too.
    for (const wanted of scene.open) wanted.outcome = "open";
  },
  "a second tab with the same files, closed again": async (desk, scene) => {
    const second = await openPage(desk, scene.context);
    await start(desk, second, scene.open);
    await second.close();
    // Where the first tab had finished, the second was sending the file once more.
    for (const wanted of scene.open) wanted.abandoned = true;
  },
  "a pause": async (desk, { page, open }) => {
    for (const index of open.keys()) if (desk.by.happens(0.5)) await pauseAndResume(page, index);
  },
  "a cancel": async (desk, { page, open }) => {
    const index = desk.by.between(0, open.length - 1);
    const { phase } = await stateOf(page, index);
    if (phase !== "completed" && phase !== "failed") await tell(page, "cancel", index);
  },
  "the network cut": async ({ emulator }) => {
    emulator.network.cut();
    await new Promise((resolve) => setTimeout(resolve, 300));
    emulator.network.restore();
  },
  "the end of every token": async ({ emulator, by }) => {
    emulator.expireTokens({ as: by.oneOf(["SecurityTokenExpired", "InvalidAccessKeyId"] as const) });
  },
};

async function pauseAndResume(page: Page, index: number): Promise<void> {
  const { phase } = await stateOf(page, index);
  if (phase !== "queued" && phase !== "preparing" && phase !== "uploading") return;
  await tell(page, "pause", index);
  // It may have completed before it could be paused.
  if ((await stateOf(page, index)).phase === "paused") await tell(page, "resume", index);
}
