/** What a keeper holds: so many files, for so long, each for its own scope. It may be forgotten at any moment. */
import type { Clock } from "../platform/clock.js";
import type { KeptFile } from "./keeper.js";

/** What browsers give a worker to live for after its page. */
const keptForMs = 300_000;
/** A reference costs a browser about a kilobyte. */
const mostOfScope = 1_000;
const most = 4_000;

interface Kept extends KeptFile {
  readonly scope: string;
  readonly until: number;
  /** A page has asked for it. */
  isTaken: boolean;
}

export class KeptFiles {
  readonly #clock: Pick<Clock, "elapsed" | "sleep">;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #waiting = new Set<() => void>();
  #isExpiring = false;

  constructor(clock: Pick<Clock, "elapsed" | "sleep">) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#kept.size;
  }

  /**
   * A file that is kept already is kept anew. Where there are too many the oldest go, and of those that come together the last.
   */
  keep(scope: string, files: readonly KeptFile[]): void {
    const until = this.#clock.elapsed() + keptForMs;
    for (const file of [...files].reverse()) {
      const name = nameOf(scope, file.id);
      this.#kept.delete(name);
      this.#kept.set(name, { ...file, scope, until, isTaken: false });
    }
    const ofScope = [...this.#kept].filter(([, kept]) => kept.scope === scope);
    this.#forget(ofScope.slice(0, Math.max(0, ofScope.length - mostOfScope)));
    this.#forget([...this.#kept].slice(0, Math.max(0, this.#kept.size - most)));
    if (!this.#isExpiring) this.#expire();
  }

  /** @returns those of them that are kept. They stay, for other pages */
  kept(scope: string, ids: readonly string[]): KeptFile[] {
    this.#forgetOld();
    return this.#take(ids.flatMap((id) => this.#kept.get(nameOf(scope, id)) ?? []));
  }

  /** @returns those that have a note, oldest first. They stay as well */
  queued(scope: string): KeptFile[] {
    this.#forgetOld();
    return this.#take([...this.#kept.values()].filter((kept) => kept.scope === scope && kept.note !== undefined));
  }

  #take(found: readonly Kept[]): KeptFile[] {
    for (const kept of found) kept.isTaken = true;
    this.#tell();
    return found.map(({ id, file, note }) => ({ id, file, ...(note !== undefined && { note }) }));
  }

  /** @param ids default: all of the scope */
  release(scope: string, ids?: readonly string[]): void {
    const names = ids && new Set(ids.map((id) => nameOf(scope, id)));
    this.#forget([...this.#kept].filter(([name, kept]) => names?.has(name) ?? kept.scope === scope));
  }

  /** @returns when no file is left that no page has asked for since it was kept: so long its worker has to live */
  async untilTaken(): Promise<void> {
    while (this.#isAwaited()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** @returns when no file is left */
  async untilEmpty(): Promise<void> {
    while (this.#kept.size > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #isAwaited(): boolean {
    return [...this.#kept.values()].some(({ isTaken }) => !isTaken);
  }

  async #expire(): Promise<void> {
    this.#isExpiring = true;
    for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
      await this.#clock.sleep(Math.max(0, oldest.until - this.#clock.elapsed()), new AbortController().signal);
      this.#forgetOld();
    }
    this.#isExpiring = false;
  }

  #oldest(): Kept | undefined {
    return this.#kept.values().next().value;
  }

  /** A worker that slept with its machine wakes up later than its timers say. */
  #forgetOld(): void {
    const now = this.#clock.elapsed();
    this.#forget([...this.#kept].filter(([, { until }]) => until <= now));
  }

  #forget(entries: readonly (readonly [string, Kept])[]): void {
    for (const [name] of entries) this.#kept.delete(name);
    this.#tell();
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const look of waiting) look();
  }
}

function nameOf(scope: string, id: string): string {
  return JSON.stringify([scope, id]);
}
