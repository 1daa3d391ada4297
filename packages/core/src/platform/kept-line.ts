/** Keeps what was learnt of the line for the next page of this origin. Where the browser keeps nothing, nothing is kept. */
import type { KnownLine } from "../line.js";

/** By then the user may be on another network. */
const freshMs = 600_000;
/** A beginning, not a promise: the first stored parts decide. */
const trust = 0.5;

type Storage = Pick<globalThis.Storage, "getItem" | "setItem">;

/**
 * @param location names the store
 * @param now      milliseconds since the epoch
 */
export function readKeptLine(location: string, now: number, storage = pageStorage()): KnownLine | undefined {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(nameOf(location)) ?? "null");
    const { bytesPerSecond, roundTripMs, connections, at } = Object(kept) as Readonly<Record<string, unknown>>;
    const age = now - Number(at);
    if (!isPositive(bytesPerSecond) || !isPositive(connections) || !(age >= 0 && age < freshMs)) return undefined;
    return {
      bytesPerSecond: bytesPerSecond * trust,
      roundTripMs: isPositive(roundTripMs) ? roundTripMs : undefined,
      connections: Math.floor(connections),
    };
  } catch {
    return undefined; // Forbidden, or not of ours.
  }
}

export function keepLine(location: string, now: number, line: KnownLine, storage = pageStorage()): void {
  try {
    storage?.setItem(nameOf(location), JSON.stringify({ ...line, at: now }));
  } catch {
    // Full or forbidden: the next page begins without it.
  }
}

function nameOf(location: string): string {
  return `ossicle-line:${location}`;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value >= 1 && Number.isFinite(value);
}

/** @returns undefined outside of a page, and where a page may not keep anything: then even the look at it throws */
function pageStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
