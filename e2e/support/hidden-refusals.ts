/** A store whose refusals no page can read, and what its uploads are signed with. */
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { createFilm } from "./files.js";
import { partSize } from "./interrupting.js";
import { holdAfter } from "./steering.js";
import { account, partsStored, startUpload } from "./uploading.js";

export const key = "film.bin";
export const total = 6;
export const size = total * partSize - 5;
export const options = { partSize, concurrency: 1, retry: { baseDelayMs: 5, maxDelayMs: 50 } } as const;
export const impatient = { ...options, retry: { ...options.retry, giveUpAfterMs: 400 } } as const;
export const hour = 3_600_000;
export const wrong = { ...account, accessKeySecret: "not-the-secret" };

export const film = (directory: string) => createFilm(directory, size);

/** From now on no page can read a refusal of what is signed. */
export function hideRefusals(emulator: Emulator): void {
  emulator.faults.add({
    on: "any",
    signed: true,
    times: "always",
    fault: { kind: "without-cors", refusals: true },
  });
}

export const unsigned = (emulator: Emulator) =>
  emulator.requests.filter(({ isSigned, action }) => !isSigned && action !== "Preflight");
export const refused = (emulator: Emulator) =>
  emulator.requests.filter(({ isSigned, status }) => isSigned && status === 403);

/** The page gets these one after the other, the last one again and again. @returns how often it has asked */
export async function provide(page: Page, ...keys: readonly (() => object)[]): Promise<() => number> {
  let asked = 0;
  await page.exposeFunction("issueToken", () => {
    const next = keys[Math.min(asked, keys.length - 1)];
    asked += 1;
    return next?.();
  });
  return () => asked;
}

export const good = (emulator: Emulator) => () => emulator.issueToken({ expiresInMs: hour });
export const unknown = (emulator: Emulator) => () => {
  const token = emulator.issueToken({ expiresInMs: hour });
  emulator.revokeToken(token.AccessKeyId);
  return token;
};

/** Two parts are stored, the third is at the store. What is added to the faults before has the others. */
export async function heldHalfway(page: Page, emulator: Emulator) {
  const hiding = emulator.faults.list().map(({ spec }) => spec);
  // The first fault that matches has a request.
  emulator.faults.clear();
  const held = holdAfter(emulator, 2);
  for (const spec of hiding) emulator.faults.add(spec);
  await startUpload(page, { key });
  await Promise.all([held.waitForHit(), partsStored(page, 2)]);
  return held;
}
