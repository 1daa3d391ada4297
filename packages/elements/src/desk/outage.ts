/**
 * A lost connection stays lost until something is stored again. Each attempt looks like work, and most of them come to nothing: what is said would
 * flicker, and screen readers would hear of a connection that comes back every few seconds. Pure.
 */
import type { Sum } from "./sum.js";

/** @returns takes every sum, in order, and gives it as it is to be shown */
export function createOutage(): (sum: Sum) => Sum {
  let lostAt: { readonly storedBytes: number; readonly done: number } | null = null;

  return (sum) => {
    const { storedBytes } = sum.progress;
    const { done } = sum.batch;
    if (sum.still?.reason === "lost") lostAt = { storedBytes, done };
    else if (!sum.isMoving || lostAt === null || storedBytes > lostAt.storedBytes || done > lostAt.done) lostAt = null;
    else return { ...sum, isMoving: false, still: { reason: "lost", untilMs: undefined } };
    return sum;
  };
}
