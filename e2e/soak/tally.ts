/** What was survived, counted and shown. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, count = 1): void {
    if (count > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** One line each, the most frequent first. */
  table(): string {
    const rows = [...this.#counts].sort(([, a], [, b]) => b - a);
    return rows.map(([what, count]) => `${String(count).padStart(7)}  ${what}`).join("\n");
  }
}
