/**
 * Round after round, files are uploaded through faults, reloads, kills and second tabs that a seed decides; after each round
 * every object has to be its file, and nothing may be left. What happens is the seed's, when it happens the machine's: a round
 * that failed can be run again (`--round`), and nearly always fails again.
 */
import { expect, test } from "../fixtures.js";
import { leftBehind } from "../support/left-behind.js";
import { bucket, discardPending, pendingUploads } from "../support/uploading.js";
import { chance } from "./chance.js";
import { interruptions, type Scene } from "./interruptions.js";
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

async function playRound(desk: Desk, scene: Scene, round: number): Promise<readonly Wanted[]> {
  const { emulator, by, tally } = desk;
  const all = await createWanted(desk, round);
  for (const { key, size } of all) tell(`${key}: ${size} bytes`);
  const armed: ArmedTrouble[] = [];
  for (const { key } of all) {
    for (let count = by.between(0, 3); count > 0; count -= 1) armed.push(armTrouble(emulator, key, by));
  }
  for (const { says } of armed) tell(says);
  scene.page = await openPage(desk, scene.context);
  scene.open = all;
  await start(desk, scene.page, scene.open);
  for (let count = by.between(0, 4); count > 0; count -= 1) {
    const requests = emulator.requests.length + by.between(1, 25);
    const name = by.oneOf(Object.keys(interruptions));
    tell(`${name}, at ${requests} requests or when all is over`);
    const over = seeThrough({ ...desk, tally: new Tally() }, scene.page, scene.open).catch(() => undefined);
    await Promise.race([emulator.waitForRequest(() => emulator.requests.length >= requests), over]);
    await interruptions[name]?.(desk, scene);
    tally.add(name);
    if (scene.open.length === 0) break;
  }
  await seeThrough(desk, scene.page, scene.open);
  for (const { name, handle } of armed) tally.add(`a request that ${name}`, handle.hits);
  emulator.faults.clear();
  emulator.skewClock(0);
  return all;
}

async function checkRound(desk: Desk, { page }: Scene, all: readonly Wanted[]): Promise<void> {
  const { emulator, tally } = desk;
  for (const { key, outcome, sha256, changed } of all) {
    tally.add(`uploads ${outcome}`);
    if (outcome === "completed") expect(await emulator.sha256(bucket, key), `the object ${key}`).toBe(sha256);
    else expect(outcome, key).toBe("cancelled");
    // One that was cancelled as it completed is there, and whole.
    if (outcome === "cancelled" && emulator.object(bucket, key) !== undefined && !changed) {
      expect(await emulator.sha256(bucket, key), `the cancelled object ${key}`).toBe(sha256);
    }
  }
  // A file that changed in a sample is another file: what was sent of the first one stays, and is offered.
  const unfinished = new Set(all.filter((wanted) => wanted.changed || wanted.abandoned).map(({ key }) => key));
  for (let pending = await pendingUploads(page); pending.length > 0; pending = await pendingUploads(page)) {
    for (const { key } of pending) expect(unfinished, "may be pending").toContain(key);
    await discardPending(page);
    tally.add("pending uploads of changed files or closed tabs, discarded");
  }
  const left = await leftBehind(page, emulator);
  expect(left).toMatchObject({ checkpoints: 0, partRecords: 0, locks: 0, uncaught: [] });
  const uploads = emulator.uploads(bucket);
  expect(
    uploads.filter(({ partCount }) => partCount > 0),
    "uploads with parts, that nobody knows of",
  ).toEqual([]);
}

test("soak", async ({ pageServer, emulator, directory, launchProfile }) => {
  const profile = launchProfile();
  const tally = new Tally();
  const url = pageServer.page();
  const ends = Date.now() + minutes * 60_000;
  const context = await profile.launch();
  const scene: Scene = { context, page: await context.newPage(), open: [] };
  let round = onlyRound ?? 1;
  try {
    for (; round === (onlyRound ?? 1) || (onlyRound === undefined && Date.now() < ends); round += 1) {
      story = [];
      emulator.clearRequests();
      const desk: Desk = { emulator, profile, url, directory, tally, by: chance(seed, round), tell };
      const limit = AbortSignal.timeout(roundLimitMs);
      const tooLong = new Promise<never>((_, reject) => {
        limit.addEventListener("abort", () => reject(new Error(`the round did not end within ${roundLimitMs} ms`)));
      });
      tooLong.catch(() => undefined);
      const all = await Promise.race([playRound(desk, scene, round), tooLong]);
      await Promise.race([checkRound(desk, scene, all), tooLong]);
      await scene.page.close();
      await removeFiles(all);
    }
  } catch (error) {
    console.log(`\nRound ${round} of seed ${seed} went wrong: pnpm soak --seed ${seed} --round ${round}\n`);
    console.log(story.map((line) => `  ${line}`).join("\n"));
    const log = emulator.requests.map((entry) =>
      [
        entry.action,
        entry.key,
        entry.partNumber ?? "",
        entry.uploadId ?? "",
        entry.phase,
        entry.status,
        entry.code,
        entry.fault ?? "",
      ].join(" "),
    );
    console.log(log.map((line) => `    ${line}`).join("\n"));
    throw error;
  } finally {
    tally.add("empty orphans, left to the lifecycle rule", emulator.uploads(bucket).length);
    console.log(`\nSeed ${seed}, ${round - (onlyRound ?? 1)} whole rounds\n\n${tally.table()}\n`);
  }
});
