/** Every request that reached the emulator, preflights included, and the means to wait for one. Holds no secrets. */
import type { Action } from "./action.js";
import { Waiters } from "./waiters.js";

export interface RequestEntry {
  /** Counts from 1. */
  readonly id: number;
  /** Milliseconds since the epoch, real time. */
  readonly at: number;
  readonly method: string;
  readonly action: Action;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly partNumber: number | undefined;
  readonly uploadId: string | undefined;
  readonly origin: string | undefined;
  /** Somebody claims to have signed it, in a header or in the URL. */
  readonly isSigned: boolean;
  readonly requestId: string;
  /** Names the connection; `isReused` when it had carried a request before. */
  readonly connection: number;
  readonly isReused: boolean;
  /** Bytes of the request's body so far. */
  readonly bodyBytes: number;
  /** `received`: being worked on; `answered`: the answer was handed to the network; `dropped`: ended without one. */
  readonly phase: "received" | "answered" | "dropped";
  /** 0 until answered. */
  readonly status: number;
  /** The error code of the answer. */
  readonly code: string | undefined;
  /** The kind of the fault that was planned for it. */
  readonly fault: string | undefined;
}

export type MutableEntry = { -readonly [K in keyof RequestEntry]: RequestEntry[K] };

// A demo left running for a week must not eat the machine.
const maxEntries = 100_000;

export class RequestLog {
  readonly #entries: MutableEntry[] = [];
  readonly #waiters = new Waiters<RequestEntry>();
  readonly #listeners = new Set<(entry: RequestEntry) => void>();
  #count = 0;

  /** Oldest first; the latest 100,000. The entries are live: they change until answered or dropped. */
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

  /** Says that an entry changed. */
  touch(entry: RequestEntry): void {
    this.#waiters.offer(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /**
   * The first entry for which `matches` holds, past or future. It is asked again at every change of an entry: when the
   * request comes, as bytes of its body come, when it is answered or dropped.
   *
   * @throws the signal's reason
   */
  waitFor(matches: (entry: RequestEntry) => boolean, signal?: AbortSignal): Promise<RequestEntry> {
    const past = this.#entries.find(matches);
    return past === undefined ? this.#waiters.wait(matches, signal) : Promise.resolve(past);
  }

  /** @returns how to stop listening */
  subscribe(listener: (entry: RequestEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
