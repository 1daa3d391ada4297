/** What was survived, counted and shown. */
export type Section = "uploads" | "pages" | "requests" | "upload ids";

export class Tally {
  readonly #counts: Readonly<Record<Section, Map<string, number>>> = {
    uploads: new Map(),
    pages: new Map(),
    requests: new Map(),
    "upload ids": new Map(),
  };

  add(section: Section, what: string, count = 1): void {
    const counts = this.#counts[section];
    if (count > 0) counts.set(what, (counts.get(what) ?? 0) + count);
  }

  /** One line each, the most frequent first. */
  table(): string {
    return Object.entries(this.#counts)
      .filter(([, counts]) => counts.size > 0)
      .map(([section, counts]) => {
        const rows = [...counts].sort(([, a], [, b]) => b - a);
        return [section, ...rows.map(([what, count]) => `${String(count).padStart(7)}  ${what}`)].join("\n");
      })
      .join("\n\n");
  }
}
