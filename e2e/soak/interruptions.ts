/** What befalls the page or its browser in the middle of uploads. Each ends with a page on which everything open is uploading. */
import type { BrowserContext, Page } from "@playwright/test";
import { quiet } from "../support/left-behind.js";
import { tell } from "../support/steering.js";
import { stateOf } from "../support/uploading.js";
import type { Disturbance } from "./orphans.js";
import { change, type Desk, note, openPage, seeThrough, start, type Wanted } from "./user.js";

export interface Scene {
  context: BrowserContext;
  page: Page;
  /** What the page uploads, in the order of its uploads. */
  open: readonly Wanted[];
}

type Interruption = (desk: Desk, scene: Scene) => Promise<void>;

/** @returns where in the log it struck: what comes of it later is the next page's */
export async function interrupt(desk: Desk, scene: Scene, name: string): Promise<Disturbance> {
  const { emulator } = desk;
  const from = emulator.requests.length;
  let to: number | undefined;
  await interruptions[name]?.({ ...desk, struck: () => (to = emulator.requests.length) }, scene);
  return { from, to: to ?? emulator.requests.length };
}

/** What is not known to have ended is wanted again; sometimes the file has changed since. */
async function again(desk: Desk, scene: Scene): Promise<void> {
  const { by, emulator, tally } = desk;
  scene.open = scene.open.filter(({ outcome }) => outcome === "open");
  const large = scene.open.filter(({ size }) => size > 0);
  if (large.length > 0 && by.happens(0.2)) {
    // What the last page sent has arrived, or it could be taken for the next one's.
    await quiet(emulator);
    await change(by.oneOf(large), by);
    tally.add("pages", "a file that changed before the next one");
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
    desk.struck();
    await again(desk, scene);
  },
  "a SIGKILL of the browser": async (desk, scene) => {
    await note(scene.page, scene.open);
    await desk.profile.kill();
    desk.struck();
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
    desk.struck();
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
  "a second tab with the same files, and both stay to the end": async (desk, scene) => {
    const second = await openPage(desk, scene.context);
    await start(desk, second, scene.open);
    desk.struck();
    await Promise.all([seeThrough(desk, scene.page, scene.open), seeThrough(desk, second, scene.open)]);
    await second.close();
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
    await aMoment(300);
    emulator.network.restore();
  },
  "the browser offline": async (_, { context }) => {
    await context.setOffline(true);
    await aMoment(300);
    await context.setOffline(false);
  },
  "a slow line": async ({ emulator, by }) => {
    emulator.network.throttle(by.between(100_000, 1_000_000));
    await aMoment(1000);
    emulator.network.throttle(undefined);
  },
  "the end of every token": async ({ emulator, by }) => {
    emulator.expireTokens({ as: by.oneOf(["SecurityTokenExpired", "InvalidAccessKeyId"] as const) });
  },
};

async function aMoment(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

async function pauseAndResume(page: Page, index: number): Promise<void> {
  const { phase } = await stateOf(page, index);
  if (phase !== "queued" && phase !== "preparing" && phase !== "uploading") return;
  await tell(page, "pause", index);
  // It may have completed before it could be paused.
  if ((await stateOf(page, index)).phase === "paused") await tell(page, "resume", index);
}
