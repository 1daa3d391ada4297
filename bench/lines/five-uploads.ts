/** Five uploads on a page whose app gives up on silence after 1.5 s. How long do four take when the fifth is never answered? */
import { lastFour } from "../contestants.js";
import { newTask, openPage, orCut, startTask } from "../run.js";
import { forgetSite, type Station } from "./station.js";

export interface FiveTimes {
  readonly isSilent: boolean;
  /** Until four were completed. */
  readonly ms: number;
  readonly isFinished: boolean;
}

const count = 5;
const size = 2 * 2 ** 20;
const kbit = 8000;
/** Alone they need 9 s. */
const cutAfterMs = 100_000;

/** @param isSilent the first answer to the first file never comes */
export async function fiveUploads(station: Station, isSilent: boolean): Promise<FiveTimes> {
  const { bench, line } = station;
  await line.change({ kbit });
  await forgetSite(station);
  const task = newTask(lastFour, { content: "blocks", ports: bench.ports });
  const tab = await openPage(bench, lastFour, task, await bench.files.many(count, size));
  await bench.chromium.quiet();
  if (isSilent) await bench.server.call.silence(`${task.key}-0`);
  const { ms } = await orCut(tab, startTask(tab, task), cutAfterMs);
  await bench.server.call.calm();
  await tab.close();
  await bench.server.call.idle();
  return { isSilent, ms, isFinished: ms < cutAfterMs };
}
