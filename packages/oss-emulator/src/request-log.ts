/** The log of all requests that reached the emulator, preflights too, and the means to wait for one. It holds no secrets. */
import type { Action } from "./action.js";
import { Waiters } from "./waiters.js";

/** A request in the log. Fields that the request does not name are undefined. */
export interface RequestEntry {
  /** Counts from 1. */
  readonly id: number;
  /** When the request arrived: milliseconds since the epoch, by this machine's clock. */
  readonly at: number;
  readonly method: string;
  readonly action: Action;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly partNumber: number | undefined;
  readonly uploadId: string | undefined;
  /** The page's origin, for a request of a browser. */
  readonly origin: string | undefined;
  /** True if a header or the URL holds a signature, valid or not. */
  readonly isSigned: boolean;
  /** As in the answer's `x-oss-request-id`. */
  readonly requestId: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** True if the connection had carried a request before. */
  readonly isReused: boolean;
  /** Bytes of the request's body that were read so far. */
  readonly bodyBytes: number;
  /**
   * - `received`: the request is being worked on.
   * - `answered`: its answer was handed to the network.
   * - `dropped`: its connection ended before an answer.
   */
  readonly phase: "received" | "answered" | "dropped";
  /** HTTP status; 0 until answered. */
  readonly status: number;
  /** The answer's OSS error code. */
  readonly code: string | undefined;
  /** The kind of the fault that applies to the request, whether or not it has struck. */
  readonly fault: string | undefined;
}

export type MutableEntry = { -readonly [K in keyof RequestEntry]: RequestEntry[K] };

// Bounds the memory of an emulator that runs for weeks.
const maxEntries = 100_000;

export class RequestLog {
  readonly #entries: MutableEntry[] = [];
  readonly #waiters = new Waiters<RequestEntry>();
  readonly #listeners = new Set<(entry: RequestEntry) => void>();
  #count = 0;

  /** The latest 100,000, oldest first: always the same array. An entry changes until its request is answered or dropped. */
  get entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  add(fields: Omit<RequestEntry, "id" | "bodyBytes" | "phase" | "status" | "code" | "fault">): MutableEntry {
    this.#count += 1;
    const entry: MutableEntry = {
      id: this.#count,
      ...fields,
      bodyBytes: 0,
      phase: "received",
      status: 0,
      code: undefined,
      fault: undefined,
    };
    this.#entries.push(entry);
    if (this.#entries.length > maxEntries) this.#entries.shift();
    return entry;
  }

  /** Tells all waits and listeners that an entry changed. */
  touch(entry: RequestEntry): void {
    this.#waiters.offer(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /**
   * Resolves with the first entry, past or future, for which `matches` is true. It is called again at every change of an entry:
   * when the request comes, as bytes of its body come, when it is answered or dropped.
   *
   * @throws the signal's reason once it is aborted
   */
  waitFor(matches: (entry: RequestEntry) => boolean, signal?: AbortSignal): Promise<RequestEntry> {
    const past = this.#entries.find(matches);
    return past === undefined ? this.#waiters.wait(matches, signal) : Promise.resolve(past);
  }

  /** Calls `listener` at every change of an entry. @returns a function that stops it */
  subscribe(listener: (entry: RequestEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
