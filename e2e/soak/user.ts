/** Somebody at a browser who wants their files uploaded, and goes on until they are. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "@ossicle/oss-emulator";
import type { BrowserContext, Page } from "@playwright/test";
import { createFile, flipBit, sha256Of } from "../support/files.js";
import { partSize } from "../support/interrupting.js";
import type { Profile } from "../support/profile.js";
import { tell } from "../support/steering.js";
import { finished, openUploader, startUpload, stateOf } from "../support/uploading.js";
import type { Chance } from "./chance.js";
import type { Tally } from "./tally.js";

/** How often an upload that gave up is told to go on. */
const mostResumes = 12;

export interface Wanted {
  readonly key: string;
  readonly path: string;
  readonly size: number;
  /** Asks, before anything is sent, whether the object is there already. */
  readonly skipsIdentical: boolean;
  /** Of the file as it is now. */
  sha256: string;
  /** A bit of it was flipped between two pages. */
  changed: boolean;
  /** A tab that was closed may have left an upload of it that nobody went on with. */
  abandoned: boolean;
  outcome: "open" | "completed" | "cancelled";
}

/** What a user has at hand. */
export interface Desk {
  readonly emulator: Emulator;
  readonly profile: Profile;
  readonly url: string;
  readonly directory: string;
  readonly tally: Tally;
  readonly by: Chance;
  /** For the story of the round. */
  readonly tell: (line: string) => void;
  /** Says that what interrupts a page has done its work. */
  readonly struck: () => void;
}

export async function createWanted({ directory, by }: Desk, round: number): Promise<readonly Wanted[]> {
  const wanted: Wanted[] = [];
  for (let index = by.between(8, 16); index > 0; index -= 1) {
    const parts = by.oneOf([0, 1, 2, 3, 5, 8, 13, 21]);
    const size = Math.max(0, parts * partSize + by.oneOf([0, 1, -1, 5000]));
    const path = await createFile(join(directory, `${round}-${index}.bin`), { size, seed: round * 100 + index });
    const sha256 = await sha256Of(path);
    const key = `${round}/${index}.bin`;
    const skipsIdentical = by.happens(0.3);
    wanted.push({ key, path, size, skipsIdentical, sha256, changed: false, abandoned: false, outcome: "open" });
  }
  return wanted;
}

export async function removeFiles(wanted: readonly Wanted[]): Promise<void> {
  await Promise.all(wanted.map(({ path }) => rm(path)));
}

/** A page whose tokens live for seconds, sometimes. */
export async function openPage(desk: Desk, context: BrowserContext): Promise<Page> {
  const { emulator, url, by } = desk;
  const page = await context.newPage();
  page.on("console", (message) => desk.tell(`${message.type()} ${message.text()}`));
  await page.goto(url);
  await page.exposeFunction("issueToken", () => emulator.issueToken({ expiresInMs: by.oneOf([800, 3000, 3_600_000]) }));
  return page;
}

/** Picks the files that are still wanted, and uploads them. Indexes of uploads are those of `open`. */
export async function start(desk: Desk, page: Page, open: readonly Wanted[]): Promise<void> {
  await page.setInputFiles(
    "input",
    open.map(({ path }) => path),
  );
  await openUploader(page, desk.emulator, {
    partSize,
    credentials: "tokens",
    retry: { baseDelayMs: 5, maxDelayMs: 100, stallTimeoutMs: 2000 },
  });
  for (const [index, { key, skipsIdentical }] of open.entries()) {
    await startUpload(page, { key, ...(skipsIdentical && { ifExists: "skip-identical" }) }, { input: index });
  }
}

/** Notes which of them the page has finished, while there is a page to ask. */
export async function note(page: Page, open: readonly Wanted[]): Promise<void> {
  for (const [index, wanted] of open.entries()) {
    const { phase } = await stateOf(page, index);
    if (phase === "completed" || phase === "cancelled") wanted.outcome = phase;
  }
}

/** Stays until every upload has ended, and tells those that gave up to go on. @throws Error for one that never does */
export async function seeThrough(desk: Desk, page: Page, open: readonly Wanted[]): Promise<void> {
  await Promise.all(
    open.map(async (wanted, index) => {
      for (let resumes = 0; ; resumes += 1) {
        const outcome = await finished(page, index);
        if ("result" in outcome) {
          if (outcome.result.verified !== "crc64") throw new Error(`${wanted.key} is not proved by its CRC-64`);
          wanted.outcome = "completed";
          if (outcome.result.resumedBytes > 0) desk.tally.add("uploads", "went on from what an earlier page had sent");
          if (outcome.result.alreadyStored) desk.tally.add("uploads", "found the object there already");
          return;
        }
        if (outcome.error.name === "AbortError") {
          wanted.outcome = "cancelled";
          return;
        }
        desk.tally.add("uploads", `gave up as "${outcome.error.code}", and went on when told to`);
        if (resumes === mostResumes) throw new Error(`${wanted.key} never ends: ${JSON.stringify(outcome.error)}`);
        await tell(page, "resume", index);
      }
    }),
  );
}

/** One bit of the file becomes another, and nothing but its bytes tells. */
export async function change(wanted: Wanted, by: Chance): Promise<void> {
  await flipBit(wanted.path, by.between(0, wanted.size - 1));
  wanted.sha256 = await sha256Of(wanted.path);
  wanted.changed = true;
}
