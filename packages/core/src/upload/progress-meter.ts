/** Counts the parts that are stored and in flight, and measures the speed. It touches neither network nor file. */
import type { Progress } from "../api/upload.js";
import { PartMap, partState } from "./part-map.js";
import { type HowFar, inBuffers } from "./part-size.js";
import type { PartRange } from "./positions.js";

/** The speed is averaged over this: long enough to hide the jumps of socket buffers, short enough to follow a change of network. */
const windowMs = 2_000;

export class ProgressMeter {
  #totalBytes = 0;
  #storedBytes = 0;
  #resumedBytes = 0;
  #storedParts = 0;
  #parts = new PartMap(0, 1);
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

  get howFar(): HowFar {
    let left = 0;
    for (const bytes of this.#inFlight.values()) left += Math.max(0, bytes - inBuffers);
    const unsentBytes = this.#totalBytes - this.#storedBytes - left;
    return { parts: this.#parts.count, storedBytes: this.#storedBytes, unsentBytes };
  }

  /** The number of parts in flight. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Call once the file is open. */
  fileIs(totalBytes: number): void {
    this.#totalBytes = totalBytes;
  }

  /**
   * Starts counting for a new run.
   * @param parts    those that are known to be stored
   * @param nextSize how large the parts of the rest would be; bytes
   * @param before   numbers of the parts that earlier pages stored
   * @param already  numbers of the parts that an earlier run of this page stored
   */
  planned(
    parts: readonly PartRange[],
    nextSize: number,
    before: ReadonlySet<number>,
    already: ReadonlySet<number>,
  ): void {
    this.#parts = new PartMap(this.#totalBytes, nextSize);
    this.#inFlight.clear();
    this.#storedBytes = this.#resumedBytes = this.#storedParts = 0;
    for (const range of parts) {
      const { number, start, end } = range;
      const isStored = before.has(number) || already.has(number);
      this.#parts.add(range, nextSize, before.has(number) ? partState.storedBefore : isStored ? partState.stored : 0);
      if (!isStored) continue;
      this.#storedBytes += end - start;
      this.#storedParts += 1;
      if (before.has(number)) this.#resumedBytes += end - start;
    }
  }

  /** Call when a part was cut. @param nextSize how large the parts of the rest would be; bytes */
  cut(range: PartRange, nextSize: number): void {
    this.#parts.add(range, nextSize);
  }

  /** Call when a part will not be stored as it was cut. */
  uncut(number: number): void {
    this.#inFlight.delete(number);
    this.#parts.remove(number);
  }

  /** @param bytes sent by the current attempt; 0 when an attempt begins */
  sent(number: number, bytes: number): void {
    const before = this.#inFlight.get(number) ?? 0;
    this.#inFlight.set(number, bytes);
    if (bytes > before) this.#count(bytes - before);
    if (this.#parts.get(number) === partState.todo) this.#parts.set(number, partState.inFlight);
  }

  /** Call when a part is no longer in flight, and was not stored. */
  dropped(number: number): void {
    this.#inFlight.delete(number);
    if (this.#parts.get(number) === partState.inFlight) this.#parts.set(number, partState.todo);
  }

  /** Call when a part is acknowledged, checked and recorded. @param before true if an earlier page sent it without recording it */
  stored(number: number, before = false): void {
    this.#inFlight.delete(number);
    if ((this.#parts.get(number) ?? partState.stored) >= partState.stored) return;
    const size = this.#parts.sizeOf(number);
    this.#parts.set(number, before ? partState.storedBefore : partState.stored);
    this.#storedBytes += size;
    this.#storedParts += 1;
    if (before) this.#resumedBytes += size;
  }

  /** Call when a part stored by an earlier page turns out not to be of this file: it is to do again. */
  disproved(number: number): void {
    const size = this.#parts.sizeOf(number);
    if (this.#parts.get(number) === partState.storedBefore) this.#resumedBytes -= size;
    this.#parts.set(number, partState.todo);
    this.#storedBytes -= size;
    this.#storedParts -= 1;
  }

  partMap(): Uint8Array {
    return this.#parts.states();
  }

  partStarts(): Float64Array {
    return this.#parts.starts();
  }

  snapshot(): Progress {
    let flying = 0;
    for (const bytes of this.#inFlight.values()) flying += bytes;
    const bytesPerSecond = this.#rate();
    // Bytes given to the network may still lie in its buffers: on a slow line the last parts look sent long before they are.
    // Counting half of what is in flight as left is the better guess.
    const left = this.#totalBytes - this.#storedBytes - flying / 2;
    return {
      totalBytes: this.#totalBytes,
      storedBytes: this.#storedBytes,
      sentBytes: this.#storedBytes + flying,
      resumedBytes: this.#resumedBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? Math.max(0, left) / bytesPerSecond : null,
      parts: { total: this.#parts.total, stored: this.#storedParts, inFlight: this.#inFlight.size },
    };
  }

  /** Call when a run has ended. Nothing is in flight, and the next run measures the speed anew. */
  rest(): void {
    for (const number of [...this.#inFlight.keys()]) this.dropped(number);
    this.#samples.length = 0;
  }

  #count(bytes: number): void {
    this.#moved += bytes;
    this.#bodyBytes += bytes;
    const at = this.#elapsed();
    const last = this.#samples.at(-1);
    // 20 samples in a window are enough; the progress events of six lanes would give hundreds.
    if (last !== undefined && at - last.at < windowMs / 20) return;
    this.#samples.push({ at, bytes: this.#moved });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) < at - windowMs) this.#samples.shift();
  }

  /** Bytes since the oldest sample, divided by the time until now: so it falls while the network is silent. */
  #rate(): number {
    const oldest = this.#samples[0];
    if (oldest === undefined) return 0;
    const seconds = (this.#elapsed() - oldest.at) / 1000;
    // The first half second says nothing: its bytes only fill socket buffers.
    return seconds < 0.5 ? 0 : Math.round((this.#moved - oldest.bytes) / seconds);
  }
}
