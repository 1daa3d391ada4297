/** Tells when a read brings no byte for too long, as one of a network drive that hangs. Such a read never ends by itself. */
import { longestTimerMs } from "./watchdog.js";

export interface ReadingClock {
  /** Aborted with a `SilentDrive` when no byte came for so long. */
  readonly signal: AbortSignal;
  /** To be called whenever bytes came. */
  moved(): void;
  stop(): void;
}

export class SilentDrive extends Error {}

/** A frozen page, or a computer that sleeps, reads nothing, and fires one late timer when it goes on: that alone is no silence. */
const ticks = 5;

export function createReadingClock(ms: number): ReadingClock {
  const silent = new AbortController();
  let left = ticks;
  const wait = () => setTimeout(tick, Math.min(ms / ticks, longestTimerMs));
  const tick = () => {
    left -= 1;
    if (left === 0) silent.abort(new SilentDrive(`no byte came for ${ms} ms`));
    else timer = wait();
  };
  let timer = wait();
  return {
    signal: silent.signal,
    moved() {
      // Part of the current tick has passed already: less than the whole time would be left.
      left = ticks + 1;
    },
    stop: () => clearTimeout(timer),
  };
}
