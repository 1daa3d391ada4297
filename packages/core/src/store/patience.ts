/**
 * How long a body may be silent before its request is cut. Nothing on its way is cut because it is slow: what the network was given may lie
 * in buffers, and behind a service worker nobody hears of it at all.
 */
import type { Line } from "../line.js";

/** Bytes. What the browser calls sent may lie in the buffers of a socket, several MB at most. */
const buffered = 4 * 2 ** 20;
/** Bytes per second of one connection, as long as nothing has been measured: three of them fill half a Mbit/s. */
const slowest = 20_000;
/** The line may have become so many times slower since it was measured. */
const margin = 4;
/** … or the measure is wrong: of what the line should need, no more than this is added. */
const longestExtraMs = 300_000;
/** What lies in buffers leaves within this time, or not at all. */
const longestInBuffersMs = 300_000;
/** A store that calls an application server back answers after it, and gives it five seconds. */
const callbackMs = 10_000;
const patienceBeforeFirstByte = 4;

/** Milliseconds; see `HttpRequest`. */
export interface BodyLimits {
  readonly answerTimeoutMs: number;
  readonly unseenTimeoutMs: number;
}

export interface Patience {
  /**
   * @param bytes of the body
   * @param withCallback the store answers only after an application server
   * @param isUnseen no event will tell of the body, whatever the page
   */
  limits(bytes: number, withCallback: boolean, isUnseen?: boolean): BodyLimits;
  /** Call when a body was stored. @param unseen no event had told that it was sent */
  stored(unseen: boolean): void;
}

export interface PatienceTools {
  /** Asked for with the first body: the line is known by the place that the store names. */
  readonly line: () => Pick<Line, "isBlind" | "sawNoProgress">;
  /** Bytes per second of one connection while the others are busy too; undefined until it was measured. */
  readonly speedOfOne: () => number | undefined;
  readonly stallTimeoutMs: number;
  /** Has the page a service worker? It may, or may not, have its hands in requests to the store. */
  readonly controlled: () => boolean;
}

export function patienceWith({ line, speedOfOne, stallTimeoutMs, controlled }: PatienceTools): Patience {
  let seen = false;
  const msFor = (bytes: number) => {
    const speed = speedOfOne();
    if (speed === undefined) return (bytes * 1000) / slowest;
    const ms = (bytes * 1000) / speed;
    return ms + Math.min(ms * (margin - 1), longestExtraMs);
  };
  return {
    limits(bytes, withCallback, isUnseen = false) {
      const ownMs = stallTimeoutMs + (withCallback ? callbackMs : 0);
      const mayBeBlind = isUnseen || line().isBlind || (!seen && controlled());
      const wholeMs = ownMs + msFor(bytes);
      const firstByteMs = patienceBeforeFirstByte * stallTimeoutMs;
      return {
        answerTimeoutMs: ownMs + Math.min(msFor(Math.min(bytes, buffered)), longestInBuffersMs),
        unseenTimeoutMs: mayBeBlind ? Math.max(firstByteMs, wholeMs) : firstByteMs,
      };
    },
    stored(unseen) {
      if (unseen) line().sawNoProgress();
      else seen = true;
    },
  };
}
