/** Wakes those who sleep before their time is over. */
import type { Clock } from "./platform/clock.js";

/** What can be listened to. */
export interface Ringing {
  /** @returns what ends the listening */
  heard(listener: () => void): () => void;
}

export class Bell implements Ringing {
  readonly #listeners = new Set<() => void>();

  /** Wakes everybody who listens now. */
  ring(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  heard(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/**
 * Sleeps until the time is over or one of the bells rings.
 *
 * @returns the bell; undefined if the time is over
 * @throws the signal's reason once it is aborted
 */
export async function sleepOrRing(
  clock: Pick<Clock, "sleep">,
  ms: number,
  signal: AbortSignal,
  bells: readonly Ringing[],
): Promise<Ringing | undefined> {
  const woken = new AbortController();
  let by: Ringing | undefined;
  const stops = bells.map((bell) =>
    bell.heard(() => {
      by ??= bell;
      woken.abort();
    }),
  );
  try {
    await clock.sleep(ms, AbortSignal.any([signal, woken.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (by === undefined) throw error;
  } finally {
    for (const stop of stops) stop();
  }
  return by;
}
