/**
 * Round after round, files are uploaded through faults, reloads, kills and second tabs that a seed decides; after each round
 * every object has to be its file, and nothing may be left. What happens is the seed's, when it happens the machine's: a round
 * that failed can be run again (`--round`), and nearly always fails again.
 */
import type { RequestEntry } from "@ossicle/oss-emulator";
import { expect, test } from "../fixtures.js";
import { leftBehind } from "../support/left-behind.js";
import { bucket, discardPending, pendingUploads } from "../support/uploading.js";
import { chance } from "./chance.js";
import { interrupt, interruptions, type Scene } from "./interruptions.js";
import { type Disturbance, orphansIn } from "./orphans.js";
import { Tally } from "./tally.js";
import { type ArmedTrouble, armTrouble } from "./troubles.js";
import { createWanted, type Desk, openPage, removeFiles, seeThrough, start, type Wanted } from "./user.js";

const seed = Number(process.env.SOAK_SEED ?? 1);
const minutes = Number(process.env.SOAK_MINUTES ?? 3);
const onlyRound = process.env.SOAK_ROUND === undefined ? undefined : Number(process.env.SOAK_ROUND);
const roundLimitMs = 120_000;

/** What happened in the present round, for whoever has to find out why it went wrong. */
let story: string[] = [];
const tell = (line: string) => {
  story.push(line);
};

interface Played {
  readonly all: readonly Wanted[];
  readonly armed: readonly ArmedTrouble[];
  readonly disturbances: readonly Disturbance[];
}

async function playRound(desk: Desk, scene: Scene, round: number, signal: AbortSignal): Promise<Played> {
  const { emulator, by, tally } = desk;
  const all = await createWanted(desk, round);
  for (const { key, size } of all) tell(`${key}: ${size} bytes`);
  const armed: ArmedTrouble[] = [];
  for (const { key } of all) {
    for (let count = by.between(0, 3); count > 0; count -= 1) armed.push(armTrouble(emulator, key, by, signal));
  }
  for (const { says } of armed) tell(says);
  scene.page = await openPage(desk, scene.context);
  scene.open = all;
  await start(desk, scene.page, scene.open);
  const disturbances: Disturbance[] = [];
  for (let count = by.between(2, 6); count > 0; count -= 1) {
    const requests = emulator.requests.length + by.between(1, 25);
    const name = by.oneOf(Object.keys(interruptions));
    const over = seeThrough({ ...desk, tally: new Tally() }, scene.page, scene.open).catch(() => undefined);
    await Promise.race([emulator.waitForRequest(() => emulator.requests.length >= requests), over]);
    const disturbance = await interrupt(desk, scene, name);
    tell(`${name}, at ${disturbance.from} to ${disturbance.to} requests`);
    disturbances.push(disturbance);
    tally.add("pages", name);
    if (scene.open.length === 0) break;
  }
  await seeThrough(desk, scene.page, scene.open);
  for (const { name, handle } of armed) tally.add("requests", name, handle.hits);
  emulator.faults.clear();
  emulator.skewClock(0);
  return { all, armed, disturbances };
}

async function checkObjects({ emulator, tally }: Desk, all: readonly Wanted[]): Promise<void> {
  for (const { key, outcome, sha256, changed } of all) {
    tally.add("uploads", outcome);
    if (outcome === "completed") expect(await emulator.sha256(bucket, key), `the object ${key}`).toBe(sha256);
    else expect(outcome, key).toBe("cancelled");
    // One that was cancelled as it completed is there, and whole.
    if (outcome === "cancelled" && emulator.object(bucket, key) !== undefined && !changed) {
      expect(await emulator.sha256(bucket, key), `the cancelled object ${key}`).toBe(sha256);
    }
  }
}

async function checkLeftovers(desk: Desk, { page }: Scene, { all, armed, disturbances }: Played): Promise<void> {
  const { emulator, tally } = desk;
  // A file that changed in a sample is another file: what was sent of the first one stays, and is offered.
  const unfinished = new Set(all.filter((wanted) => wanted.changed || wanted.abandoned).map(({ key }) => key));
  for (let pending = await pendingUploads(page); pending.length > 0; pending = await pendingUploads(page)) {
    for (const { key } of pending) expect(unfinished, "may be pending").toContain(key);
    await discardPending(page);
    tally.add("uploads", "left pending by a changed file or a closed tab, and discarded");
  }
  const left = await leftBehind(page, emulator);
  expect(left).toMatchObject({ checkpoints: 0, partRecords: 0, locks: 0, uncaught: [] });
  const keys = new Set(all.map(({ key }) => key));
  const uploads = emulator.uploads(bucket).filter(({ key }) => keys.has(key));
  expect(
    uploads.filter(({ partCount }) => partCount > 0),
    "uploads with parts, that no checkpoint knows of",
  ).toEqual([]);

  const { answersLost, pagesGone, unexcused } = orphansIn(emulator.requests, disturbances);
  const lostAtMost = armed.reduce((sum, { lostIds }) => sum + lostIds(), 0);
  expect(unexcused, "upload ids that nobody used, although nothing had happened").toEqual([]);
  expect(uploads.length, "empty upload ids").toBeLessThanOrEqual(Math.min(answersLost, lostAtMost) + pagesGone);
  tally.add("upload ids", "are empty and unused, and left to the lifecycle rule", uploads.length);
  tally.add("upload ids", "at most were in answers that got lost", Math.min(answersLost, lostAtMost));
  tally.add("upload ids", "at most came when the page was just going or stopping", pagesGone);
}

test("soak", async ({ pageServer, emulator, directory, launchProfile }) => {
  const profile = launchProfile();
  const tally = new Tally();
  const url = pageServer.page();
  const ends = Date.now() + minutes * 60_000;
  const context = await profile.launch();
  const scene: Scene = { context, page: await context.newPage(), open: [] };
  let round = onlyRound ?? 1;
  let requests = 0;
  try {
    for (; round === (onlyRound ?? 1) || (onlyRound === undefined && Date.now() < ends); round += 1) {
      story = [];
      emulator.clearRequests();
      const desk: Desk = { emulator, profile, url, directory, tally, by: chance(seed, round), tell, struck: () => {} };
      const limit = AbortSignal.timeout(roundLimitMs);
      const tooLong = new Promise<never>((_, reject) => {
        limit.addEventListener("abort", () => reject(new Error(`the round did not end within ${roundLimitMs} ms`)));
      });
      tooLong.catch(() => undefined);
      const roundOver = new AbortController();
      const played = await Promise.race([playRound(desk, scene, round, roundOver.signal), tooLong]);
      roundOver.abort();
      await Promise.race([checkObjects(desk, played.all), tooLong]);
      await Promise.race([checkLeftovers(desk, scene, played), tooLong]);
      requests += emulator.requests.length;
      await scene.page.close();
      await removeFiles(played.all);
    }
  } catch (error) {
    console.log(`\nRound ${round} of seed ${seed} went wrong: pnpm soak --seed ${seed} --round ${round}\n`);
    console.log(story.map((line) => `  ${line}`).join("\n"));
    console.log(emulator.requests.map((entry, at) => `    ${at} ${lineOf(entry)}`).join("\n"));
    throw error;
  } finally {
    const rounds = round - (onlyRound ?? 1);
    console.log(
      `\nSeed ${seed}: ${rounds} whole rounds, ${requests} requests; in each of them every object was its file,`,
    );
    console.log(`no checkpoint was lost, and nothing was left. Survived:\n\n${tally.table()}\n`);
  }
});

function lineOf({ action, key, partNumber, uploadId, phase, status, code, fault }: RequestEntry): string {
  return [action, key, partNumber ?? "", uploadId ?? "", phase, status, code, fault ?? ""].join(" ");
}
