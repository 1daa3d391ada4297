/** The armed faults: to which requests each applies, and how often it has struck. */
import type { RequestEntry } from "../request-log.js";
import { Waiters } from "../waiters.js";
import type { Fault, FaultSpec, ParsedSpec } from "./fault.js";
import { parseSpec } from "./parse-spec.js";

/** An armed fault. */
export interface FaultHandle {
  /** Counts from 1. */
  readonly id: number;
  readonly spec: ParsedSpec;
  /** How often the fault has really struck: a socket was reset, a stall began, an answer was withheld. */
  readonly hits: number;
  /** Lets the requests go on that a stall or hold keeps waiting now. Later requests are kept waiting again. */
  release(): void;
  /** Disarms the fault, and lets the requests go on that it keeps waiting. */
  remove(): void;
  /**
   * Resolves with the request of hit number `count`, past or future. Default: 1.
   *
   * @throws the signal's reason once it is aborted
   */
  waitForHit(count?: number, signal?: AbortSignal): Promise<RequestEntry>;
}

/** A fault, as it applies to one request. */
export interface Strike {
  readonly fault: Fault;
  /** Counts a hit: the fault has struck. */
  hit(entry: RequestEntry): void;
  /** Resolves when the fault is released or removed, or the signal is aborted. */
  released(signal: AbortSignal): Promise<void>;
}

// These faults end connections. When a reused connection dies before the answer, Chromium sends the request again on its own. While
// such a fault is armed, answers to browsers therefore say `Connection: close`, so that no connection is reused. If one was left
// all the same, the fault strikes the resend too, and counts one hit for both.
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

  /** Counts a request that matches the spec. @returns whether the fault applies to it */
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

  /** @param isResend whether the request is a browser's own second sending of one that the fault killed */
  strike(isResend: boolean): Strike {
    return {
      fault: this.spec.fault,
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
    // A request may come here after the fault was removed. Nothing would ever release it.
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

/** The armed faults. If several match a request, only the one armed first applies, and the others do not count the request. */
export interface Faults {
  /** Arms a fault. @throws TypeError that says what is wrong with the spec */
  add(spec: FaultSpec): FaultHandle;
  /** All faults that were not removed, also those that have struck as often as they may. */
  list(): readonly FaultHandle[];
  /** Removes all faults. */
  clear(): void;
}

export class FaultList implements Faults {
  readonly #armed: ArmedFault[] = [];
  readonly #onKillingFault: () => void;
  // Faults that killed a request on a reused connection, by the request's identity, which a resend has too.
  readonly #killed = new Map<string, ArmedFault>();
  #count = 0;

  /** @param onKillingFault called when a fault is armed that ends connections */
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

  /** Whether answers to browsers must end their connections, because an armed fault may end one. */
  get endsConnections(): boolean {
    return this.#armed.some((fault) => fault.isKilling && !fault.isSpent);
  }

  /**
   * Finds the fault that applies to a request, and counts the request.
   *
   * @param identity a text that a resend of the request has too; undefined for clients that never resend
   */
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
