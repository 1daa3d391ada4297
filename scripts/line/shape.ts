/** What a line is told to be, in the kernel's words. Pure. */

/** A shared way out that carries so many bits a second, behind a queue. */
export interface Shape {
  /** Kilobits a second upwards, of Ethernet frames; from 64 to 1,000,000. */
  readonly kbit: number;
  /** Milliseconds of the line that wait in the queue before packets are lost; from 10 to 5,000. Default: 200. */
  readonly queueMs?: number;
}

export const defaultQueueMs = 200;
/** Of every frame of 1,514 bytes: headers of Ethernet, IP and TCP, the last with timestamps, take the rest. */
export const payloadShare = 1448 / 1514;
/** Enough for timers that come a little late; as a rule a line lets no more through at once. */
const smallestBurst = 16_384;
const burstMs = 2.5;

/** @throws TypeError that names what is wrong */
export function checkShape({ kbit, queueMs = defaultQueueMs }: Shape): Required<Shape> {
  if (!(kbit >= 64 && kbit <= 1e6))
    throw new TypeError(`a line of ${kbit} kbit/s: a number from 64 to 1,000,000 is needed`);
  if (!(queueMs >= 10 && queueMs <= 5000)) {
    throw new TypeError(`a queue of ${queueMs} ms: a number from 10 to 5,000 is needed`);
  }
  return { kbit, queueMs };
}

/** @returns the words of `tc` for a token bucket */
export function bucketOf(shape: Shape): readonly string[] {
  const { kbit, queueMs } = checkShape(shape);
  const burst = Math.max(smallestBurst, Math.round((kbit / 8) * burstMs));
  return ["tbf", "rate", `${kbit}kbit`, "burst", `${burst}b`, "latency", `${queueMs}ms`];
}

/** Bytes of bodies that the line carries in a second when nothing else is on it. */
export function bytesPerSecondOf(kbit: number): number {
  return (kbit * 1000 * payloadShare) / 8;
}

/** What the n-th line of this machine is called, and its two addresses. Several may be up at a time. */
export interface Names {
  /** Of the network namespace. */
  readonly namespace: string;
  /** The end outside. The end inside is always `uplink`. */
  readonly link: string;
  readonly outside: string;
  readonly inside: string;
}

export const mostLines = 4096;

/** Four addresses for each line, all of 10.99.0.0/16. */
export function namesOf(n: number): Names {
  const at = (host: number) => `10.99.${n >> 6}.${(n & 63) * 4 + host}`;
  return { namespace: `ossicle-line-${n}`, link: `ossline${n}`, outside: at(1), inside: at(2) };
}
