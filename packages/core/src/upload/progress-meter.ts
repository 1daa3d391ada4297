/** Counts what is stored and what is in flight, part by part, and how fast it goes. Knows no network and no file. */
import type { Progress } from "../api/upload.js";
import type { PartRange } from "./plan.js";

/** What `Upload.partMap()` shows of a part. */
export const partState = { todo: 0, inFlight: 1, stored: 2, storedBefore: 3 } as const;

/** Long enough to swallow the jumps of socket buffers, short enough to follow a change of network. */
const windowMs = 2_000;

export class ProgressMeter {
  #totalBytes = 0;
  #storedBytes = 0;
  #resumedBytes = 0;
  #storedParts = 0;
  #map = new Uint8Array(0);
  /** Size of each part, by number − 1. */
  #sizes: readonly number[] = [];
  readonly #inFlight = new Map<number, number>();
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];
  #moved = 0;
  #bodyBytes = 0;
  readonly #elapsed: () => number;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Body bytes handed to the network since this page began the upload, resends included. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  /** Parts on their way. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Once the file is open. */
  fileIs(totalBytes: number): void {
    this.#totalBytes = totalBytes;
  }

  /**
   * The plan of a run, and what is stored already.
   * @param before  numbers stored by earlier pages
   * @param already numbers stored by an earlier run of this page
   */
  planned(parts: readonly PartRange[], before: ReadonlySet<number>, already: ReadonlySet<number>): void {
    this.#sizes = parts.map((part) => part.end - part.start);
    this.#map = new Uint8Array(parts.length);
    this.#inFlight.clear();
    this.#storedBytes = this.#resumedBytes = this.#storedParts = 0;
    for (const { number, start, end } of parts) {
      if (!before.has(number) && !already.has(number)) continue;
      this.#map[number - 1] = before.has(number) ? partState.storedBefore : partState.stored;
      this.#storedBytes += end - start;
      this.#storedParts += 1;
      if (before.has(number)) this.#resumedBytes += end - start;
    }
  }

  /** @param bytes of the present attempt; 0 when an attempt begins */
  sent(number: number, bytes: number): void {
    const before = this.#inFlight.get(number) ?? 0;
    this.#inFlight.set(number, bytes);
    if (bytes > before) this.#count(bytes - before);
    if (this.#map[number - 1] === partState.todo) this.#map[number - 1] = partState.inFlight;
  }

  /** The part is not on its way any more, and was not stored. */
  dropped(number: number): void {
    this.#inFlight.delete(number);
    if (this.#map[number - 1] === partState.inFlight) this.#map[number - 1] = partState.todo;
  }

  /** Acknowledged, checked and recorded. @param before an earlier page had sent it, and no record said so */
  stored(number: number, before = false): void {
    this.#inFlight.delete(number);
    if ((this.#map[number - 1] ?? partState.stored) >= partState.stored) return;
    const size = this.#sizes[number - 1] ?? 0;
    this.#map[number - 1] = before ? partState.storedBefore : partState.stored;
    this.#storedBytes += size;
    this.#storedParts += 1;
    if (before) this.#resumedBytes += size;
  }

  /** A part that an earlier page had stored is not this file's: it counts no more. */
  disproved(number: number): void {
    const size = this.#sizes[number - 1] ?? 0;
    if (this.#map[number - 1] === partState.storedBefore) this.#resumedBytes -= size;
    this.#map[number - 1] = partState.todo;
    this.#storedBytes -= size;
    this.#storedParts -= 1;
  }

  partMap(): Uint8Array {
    return this.#map.slice();
  }

  snapshot(): Progress {
    let flying = 0;
    for (const bytes of this.#inFlight.values()) flying += bytes;
    const bytesPerSecond = this.#rate();
    // Bytes that were handed to the network may lie in its buffers: on a slow line the last parts seem sent long before they
    // are. Half of what is in flight is the better guess, and it is never "almost there" with a minute to go.
    const left = this.#totalBytes - this.#storedBytes - flying / 2;
    return {
      totalBytes: this.#totalBytes,
      storedBytes: this.#storedBytes,
      sentBytes: this.#storedBytes + flying,
      resumedBytes: this.#resumedBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? Math.max(0, left) / bytesPerSecond : null,
      parts: { total: this.#map.length, stored: this.#storedParts, inFlight: this.#inFlight.size },
    };
  }

  /** A run ended: nothing is in flight, and the next one begins with a fresh view of the speed. */
  rest(): void {
    for (const number of [...this.#inFlight.keys()]) this.dropped(number);
    this.#samples.length = 0;
  }

  #count(bytes: number): void {
    this.#moved += bytes;
    this.#bodyBytes += bytes;
    const at = this.#elapsed();
    const last = this.#samples.at(-1);
    // 20 samples a window are plenty; progress events of six lanes would give hundreds.
    if (last !== undefined && at - last.at < windowMs / 20) return;
    this.#samples.push({ at, bytes: this.#moved });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) < at - windowMs) this.#samples.shift();
  }

  /** Bytes that left since the oldest sample of the window, by now: silence makes it fall without any event. */
  #rate(): number {
    const oldest = this.#samples[0];
    if (oldest === undefined) return 0;
    const seconds = (this.#elapsed() - oldest.at) / 1000;
    // Half a second of data says nothing yet: the first bytes only fill socket buffers.
    return seconds < 0.5 ? 0 : Math.round((this.#moved - oldest.bytes) / seconds);
  }
}
