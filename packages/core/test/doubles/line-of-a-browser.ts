/**
 * A line as a browser feels it: connections share it evenly, what is handed over lies in socket buffers first, and a part is stored when
 * all of it has arrived and its answer is back. It plays a file in parts to a progress meter and notes what that shows.
 */
import type { Progress } from "../../src/api/upload.js";
import type { PartRange } from "../../src/run/parts/positions.js";
import { ProgressMeter } from "../../src/run/progress/progress-meter.js";

export const kB = 1000;
export const MB = 1000 * kB;
const tickMs = 50;
/** The browser tells of progress no more often. */
const tellEveryMs = 100;
/** How often a page looks when nothing is told. */
const lookEveryMs = 250;

export interface SimulatedLine {
  /** Sizes of the parts, in file order. */
  readonly parts: readonly number[];
  readonly connections: number;
  /** Bytes a second that the line carries so many seconds after the beginning. */
  readonly bytesPerSecond: (second: number) => number;
  /** What the sockets of one connection take at once. */
  readonly bufferBytes: number;
  readonly roundTripMs?: number;
  /** A service worker stands between: the page hears nothing of a body until it is stored. */
  readonly isBlind?: boolean;
  /** The body of that part is cut once, when so much of it has been handed over. */
  readonly cut?: ReadonlyMap<number, number>;
}

export interface Look {
  readonly second: number;
  readonly progress: Progress;
  /** Bytes that the line has carried by then. */
  readonly carried: number;
}

interface Body {
  readonly part: PartRange;
  readonly movesAt: number;
  handed: number;
  left: number;
  told: number;
  toldAt: number;
  answeredAt: number | undefined;
}

/** Each part begins where the one before it ends. */
export function inRow(sizes: readonly number[]): readonly PartRange[] {
  let end = 0;
  return sizes.map((size, place) => {
    const start = end;
    end += size;
    return { number: place + 1, start, end };
  });
}

/**
 * How parts are cut whose size follows the line: small at first, then at least a quarter of a second of it, later two seconds of it in
 * all, but no more than a tenth of what is stored.
 */
export function growing(total: number, bytesPerSecond: number, connections: number): readonly number[] {
  const unit = 128 * 1024;
  const sizes: number[] = [];
  for (let stored = 0; stored < total; ) {
    const ofLine = bytesPerSecond / connections;
    const least = sizes.length < 2 * connections ? 0 : ofLine / 4;
    const wanted = Math.max(least, Math.min(2 * ofLine, stored / 10 / connections));
    const size = Math.min(total - stored, Math.max(1, Math.round(wanted / unit)) * unit);
    sizes.push(size);
    stored += size;
  }
  return sizes;
}

export function equal(total: number, size: number): readonly number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, place) => Math.min(size, total - place * size));
}

export function play(line: SimulatedLine): { readonly looks: readonly Look[]; readonly seconds: number } {
  return new Play(line).run();
}

class Play {
  readonly #line: SimulatedLine;
  readonly #meter = new ProgressMeter(() => this.#now);
  readonly #waiting: PartRange[];
  readonly #bodies = new Set<Body>();
  readonly #cut: Map<number, number>;
  readonly #looks: Look[] = [];
  #now = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #carried = 0;

  constructor(line: SimulatedLine) {
    this.#line = line;
    this.#cut = new Map(line.cut ?? []);
    this.#waiting = [...inRow(line.parts)];
    this.#meter.fileIs(line.parts.reduce((sum, size) => sum + size, 0));
    this.#meter.planned(this.#waiting, MB, new Set(), new Set());
  }

  run() {
    while (this.#waiting.length + this.#bodies.size > 0) {
      if (this.#now > 3_600_000) throw new Error("It does not end");
      this.#begin();
      this.#handOver();
      this.#carry();
      this.#now += tickMs;
      this.#tell();
      this.#end();
      if (this.#now - this.#lookedAt >= lookEveryMs) this.#look();
    }
    return { looks: this.#looks, seconds: this.#now / 1000 };
  }

  #begin(): void {
    const { connections, roundTripMs = 50 } = this.#line;
    while (this.#bodies.size < connections) {
      const part = this.#waiting.shift();
      if (part === undefined) return;
      const movesAt = this.#now + 2 * roundTripMs;
      this.#bodies.add({ part, movesAt, handed: 0, left: 0, told: 0, toldAt: 0, answeredAt: undefined });
      this.#meter.sent(part.number, 0);
    }
  }

  #handOver(): void {
    for (const body of this.#bodies) {
      if (this.#now < body.movesAt) continue;
      body.handed = Math.min(body.part.end - body.part.start, body.left + this.#line.bufferBytes);
    }
  }

  #carry(): void {
    let room = (this.#line.bytesPerSecond(this.#now / 1000) * tickMs) / 1000;
    for (;;) {
      const moving = [...this.#bodies].filter(({ left, handed }) => left < handed);
      if (moving.length === 0 || room < 1) return;
      const share = room / moving.length;
      for (const body of moving) {
        const bytes = Math.min(share, body.handed - body.left);
        body.left += bytes;
        room -= bytes;
        this.#carried += bytes;
      }
    }
  }

  #tell(): void {
    if (this.#line.isBlind) return;
    for (const body of this.#bodies) {
      const isNews = body.handed > body.told;
      if (!isNews || this.#now - body.toldAt < tellEveryMs) continue;
      body.told = body.handed;
      body.toldAt = this.#now;
      this.#meter.sent(body.part.number, body.handed);
      this.#look();
    }
  }

  #end(): void {
    for (const body of this.#bodies) {
      const { part } = body;
      if (body.handed >= (this.#cut.get(part.number) ?? Number.POSITIVE_INFINITY)) {
        this.#cut.delete(part.number);
        this.#bodies.delete(body);
        this.#waiting.unshift(part);
        this.#meter.dropped(part.number);
      } else if (body.left >= part.end - part.start - 0.5) {
        body.answeredAt ??= this.#now + (this.#line.roundTripMs ?? 50);
        if (this.#now < body.answeredAt) continue;
        this.#bodies.delete(body);
        this.#meter.stored(part.number);
      } else continue;
      this.#look();
    }
  }

  #look(): void {
    this.#lookedAt = this.#now;
    this.#looks.push({ second: this.#now / 1000, progress: this.#meter.snapshot(), carried: this.#carried });
  }
}
