/** Counts the parts that are stored and in flight, and says how far the upload is and how fast. It touches neither network nor file. */
import type { Progress } from "../../api/upload.js";
import { Bar } from "../../upload/bar.js";
import type { HowFar } from "../parts/part-size.js";
import type { PartRange } from "../parts/positions.js";
import { Arrivals } from "./arrivals.js";
import { PartMap, partState } from "./part-map.js";

/** So many bytes of each body that has left the page lie in buffers of the network, for all that is known. */
export const inBuffers = 256 * 1024;

export class ProgressMeter {
  #totalBytes = 0;
  #storedBytes = 0;
  #resumedBytes = 0;
  #storedParts = 0;
  #parts = new PartMap(0, 1);
  /** Bytes of each part in flight that the network was given. */
  readonly #inFlight = new Map<number, number>();
  readonly #arrivals = new Arrivals();
  readonly #bar = new Bar();
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

  /** False where there is nothing to tell, because nothing moves. */
  get isMoving(): boolean {
    return this.#arrivals.isMoving(this.#elapsed());
  }

  /** Bytes that this page has brought to the store, as well as can be told. It shrinks when a part in flight is lost. */
  get arrivedBytes(): number {
    return this.#arrivals.total(this.#elapsed());
  }

  /** Bytes that are neither stored nor, as well as can be told, arrived. */
  get leftBytes(): number {
    return Math.max(0, this.#totalBytes - this.#doneBytes);
  }

  /** An app may ask thousands of uploads, of which a few send. */
  get #doneBytes(): number {
    return this.#storedBytes + (this.#inFlight.size === 0 ? 0 : this.#arrivals.underWay(this.#elapsed()));
  }

  /** An earlier page has shown that much of the bar. */
  wasShown(fraction: number): void {
    this.#bar.notBelow(fraction);
  }

  /**
   * Another upload of the same file is that far, and this one waits for it.
   * @returns what to show meanwhile. Neither the bar nor the stored bytes go back when this upload goes on by itself
   */
  mirror(other: Progress): Progress {
    this.#bar.notBelow(other.fraction);
    this.#storedBytes = Math.max(this.#storedBytes, other.storedBytes);
    const { fraction, storedBytes, sentBytes } = this.snapshot();
    return { ...other, fraction, storedBytes, sentBytes: Math.max(sentBytes, other.sentBytes) };
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
    this.#arrivals.clear(this.#elapsed());
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
    this.dropped(number);
    this.#parts.remove(number);
  }

  /** @param bytes sent by the current attempt; 0 when an attempt begins */
  sent(number: number, bytes: number): void {
    const before = this.#inFlight.get(number) ?? 0;
    this.#inFlight.set(number, bytes);
    if (bytes > before) this.#bodyBytes += bytes - before;
    this.#arrivals.sends(number, bytes, this.#parts.sizeOf(number), this.#elapsed());
    if (this.#parts.get(number) === partState.todo) this.#parts.set(number, partState.inFlight);
  }

  /** Call when a part is no longer in flight, and was not stored. */
  dropped(number: number): void {
    this.#inFlight.delete(number);
    this.#arrivals.dropped(number, this.#elapsed());
    if (this.#parts.get(number) === partState.inFlight) this.#parts.set(number, partState.todo);
  }

  /** Call when a part is acknowledged, checked and recorded. @param before true if an earlier page sent it without recording it */
  stored(number: number, before = false): void {
    this.#inFlight.delete(number);
    this.#arrivals.stored(number, this.#elapsed());
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
    const bytesPerSecond = Math.round(this.#arrivals.bytesPerSecond(this.#elapsed()));
    return {
      fraction: this.#bar.show(this.#doneBytes, this.#totalBytes),
      totalBytes: this.#totalBytes,
      storedBytes: this.#storedBytes,
      sentBytes: this.#storedBytes + flying,
      resumedBytes: this.#resumedBytes,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? this.leftBytes / bytesPerSecond : null,
      parts: { total: this.#parts.total, stored: this.#storedParts, inFlight: this.#inFlight.size },
    };
  }

  /** Call when a run has ended: nothing is in flight. */
  rest(): void {
    for (const number of [...this.#inFlight.keys()]) this.dropped(number);
  }
}
