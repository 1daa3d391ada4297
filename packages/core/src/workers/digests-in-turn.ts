/** Digests wait for a turn: those that parts wait for go before those that only compare. */
import type { Slots } from "../slots.js";
import type { DigestOptions } from "./byte-workers.js";

export async function inTurn<T>(slots: Slots, { signal, priority }: DigestOptions, work: () => Promise<T>): Promise<T> {
  const release = await slots.acquire(priority === "idle" ? "low" : "normal", signal);
  try {
    return await work();
  } finally {
    release();
  }
}
