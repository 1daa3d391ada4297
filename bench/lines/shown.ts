/** What a page could show of an upload, judged once its end is known. Pure. */
import type { Told } from "../page/harness.js";

export interface Shown {
  /** Longest time in which the bar did not move, from the start until it was full; milliseconds. */
  readonly longestStillMs: number;
  /** By how much the bar went back at most, of 1. */
  readonly furthestBack: number;
  /** How many times too long, or too short, the time left was at worst. Infinite: none was said. */
  readonly secondsLeftFactor: number;
}

/** In the last seconds every error is many times what is left. */
const lastSeconds = 3;

/**
 * @param told in order
 * @param endedAt milliseconds since the start
 * @param judgeFrom from when on the time left is judged, milliseconds since the start; default: from a quarter of the file on
 */
export function judge(told: readonly Told[], endedAt: number, judgeFrom?: number): Shown {
  let most = 0;
  let movedAt = 0;
  let longestStillMs = 0;
  let furthestBack = 0;
  let secondsLeftFactor = 0;
  for (const { at, fraction, secondsLeft } of told) {
    furthestBack = Math.max(furthestBack, most - fraction);
    if (fraction > most) {
      longestStillMs = Math.max(longestStillMs, at - movedAt);
      most = fraction;
      movedAt = at;
    }
    const left = (endedAt - at) / 1000;
    const isJudged = (judgeFrom === undefined ? fraction >= 0.25 : at >= judgeFrom) && left >= lastSeconds;
    if (isJudged && secondsLeft !== null) {
      secondsLeftFactor = Math.max(secondsLeftFactor, secondsLeft / left, left / secondsLeft);
    }
  }
  if (most < 1) longestStillMs = Math.max(longestStillMs, endedAt - movedAt);
  return { longestStillMs, furthestBack, secondsLeftFactor: secondsLeftFactor === 0 ? Infinity : secondsLeftFactor };
}
