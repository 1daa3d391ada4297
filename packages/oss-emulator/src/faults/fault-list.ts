/** The faults that are armed: which request each befalls, how often it struck, and who waits for it. */
import type { RequestEntry } from "../request-log.js";
import { Waiters } from "../waiters.js";
import { type Fault, type FaultSpec, type ParsedSpec, parseSpec } from "./fault.js";

/** One armed fault. */
export interface FaultHandle {
  readonly id: number;
  readonly spec: ParsedSpec;
  /** How often it has really struck: the socket reset, the stall begun, the answer withheld. */
  readonly hits: number;
  /** Lets go what a stall or hold keeps now; later requests are kept again. */
  release(): void;
  /** Disarms it and lets go what it keeps. */
  remove(): void;
  /** Resolves with the request when it has struck so many times. Default 1. @throws the signal's reason */
  waitForHit(count?: number, signal?: AbortSignal): Promise<RequestEntry>;
}

/** What the injector may do with a fault that befell a request. */
export interface Strike {
  readonly fault: Fault;
  /** Says that the fault has struck. */
  hit(entry: RequestEntry): void;
  /** Resolves when the fault is released or removed, or the signal aborted. */
  released(signal: AbortSignal): Promise<void>;
  /** This request is the browser's own second sending of one that the fault killed. */
  readonly isResend: boolean;
}

// Chromium sends a request again by itself when a reused connection dies before the answer. While such a fault is armed
// a browser's answers say `Connection: close`, so that it has no reused connection to lose; where one was left all the
// same, the fault strikes the resend too, and counts one hit.
const killing = new Set<Fault["kind"]>(["refuse", "reset", "lose-answer"]);

class ArmedFault implements FaultHandle {
  readonly id: number;
  readonly spec: ParsedSpec;
  #seen = 0;
  #taken = 0;
  readonly #struck: RequestEntry[] = [];
  #release = new AbortController();
  #isRemoved = false;
  readonly #onRemove: (fault: ArmedFault) => void;
  readonly #waiters = new Waiters<RequestEntry>();

  constructor(id: number, spec: ParsedSpec, onRemove: (fault: ArmedFault) => void) {
    this.id = id;
    this.spec = spec;
    this.#onRemove = onRemove;
  }

  get hits(): number {
    return this.#struck.length;
  }

  get isSpent(): boolean {
    const { times = 1 } = this.spec;
    return times !== "always" && this.#taken >= times;
  }

  get isKilling(): boolean {
    return killing.has(this.spec.fault.kind);
  }

  /** Counts a request. @returns whether the fault befalls it */
  takes(entry: RequestEntry): boolean {
    const { on, bucket, key, partNumber, signed, after = 0 } = this.spec;
    if (this.isSpent) return false;
    if (on !== "any" && ![on].flat().includes(entry.action)) return false;
    if (bucket !== undefined && bucket !== entry.bucket) return false;
    if (key !== undefined && key !== entry.key) return false;
    if (partNumber !== undefined && partNumber !== entry.partNumber) return false;
    if (signed !== undefined && signed !== entry.isSigned) return false;
    this.#seen += 1;
    if (this.#seen <= after) return false;
    this.#taken += 1;
    return true;
  }

  strike(isResend: boolean): Strike {
    return {
      fault: this.spec.fault,
      isResend,
      hit: (entry) => {
        if (!isResend) this.#hit(entry);
      },
      released: (signal) => this.#untilReleased(signal),
    };
  }

  #hit(entry: RequestEntry): void {
    this.#struck.push(entry);
    this.#waiters.offer(entry);
  }

  async #untilReleased(signal: AbortSignal): Promise<void> {
    const ends = AbortSignal.any([signal, this.#release.signal]);
    // A request that it befell may come here only after it was removed: nobody would ever let that one go.
    if (ends.aborted || this.#isRemoved) return;
    await new Promise((resolve) => ends.addEventListener("abort", resolve, { once: true }));
  }

  release(): void {
    this.#release.abort();
    this.#release = new AbortController();
  }

  remove(): void {
    this.#isRemoved = true;
    this.#onRemove(this);
    this.release();
  }

  waitForHit(count = 1, signal?: AbortSignal): Promise<RequestEntry> {
    const past = this.#struck[count - 1];
    return past === undefined ? this.#waiters.wait(() => this.#struck.length >= count, signal) : Promise.resolve(past);
  }
}

/** Arms, lists and disarms faults. The first armed one that matches a request befalls it; the others do not count it. */
export interface Faults {
  /** @throws TypeError when the spec makes no sense */
  add(spec: FaultSpec): FaultHandle;
  list(): readonly FaultHandle[];
  clear(): void;
}

export class FaultList implements Faults {
  readonly #armed: ArmedFault[] = [];
  readonly #onKillingFault: () => void;
  // Requests that a fault killed on a connection used before, by what makes a resend of them identical.
  readonly #killed = new Map<string, ArmedFault>();
  #count = 0;

  /** @param onKillingFault called when one is armed that breaks connections */
  constructor(onKillingFault: () => void) {
    this.#onKillingFault = onKillingFault;
  }

  add(spec: FaultSpec): FaultHandle {
    this.#count += 1;
    const fault = new ArmedFault(this.#count, parseSpec(spec), (removed) => {
      const index = this.#armed.indexOf(removed);
      if (index >= 0) this.#armed.splice(index, 1);
    });
    this.#armed.push(fault);
    if (fault.isKilling) this.#onKillingFault();
    return fault;
  }

  list(): readonly FaultHandle[] {
    return [...this.#armed];
  }

  clear(): void {
    for (const fault of [...this.#armed]) fault.remove();
    this.#killed.clear();
  }

  /** Whether answers should end their connections, because a fault may break one. */
  get endsConnections(): boolean {
    return this.#armed.some((fault) => fault.isKilling && !fault.isSpent);
  }

  /** @param identity what a resend has in common with the request it repeats; undefined for clients that never resend */
  take(entry: RequestEntry, identity: string | undefined): Strike | undefined {
    const killer = identity === undefined ? undefined : this.#killed.get(identity);
    if (identity !== undefined) this.#killed.delete(identity);
    if (killer !== undefined && this.#armed.includes(killer)) return killer.strike(true);
    const fault = this.#armed.find((candidate) => candidate.takes(entry));
    if (fault === undefined) return undefined;
    if (fault.isKilling && entry.isReused && identity !== undefined) this.#killed.set(identity, fault);
    return fault.strike(false);
  }
}
