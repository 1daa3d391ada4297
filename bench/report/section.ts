/** What a section of the benchmark has to say. */
export interface Section {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** Ratios that were promised, and whether they were reached. */
  readonly promises: readonly Promised[];
}

export interface Promised {
  readonly what: string;
  readonly wanted: string;
  readonly seen: string;
  readonly isKept: boolean;
}

export function atLeast(what: string, seen: number, wanted: number): Promised {
  return { what, wanted: `≥ ${wanted}`, seen: seen.toFixed(2), isKept: seen >= wanted };
}

/** @param digits of what was seen, behind the point */
export function atMost(what: string, seen: number, wanted: number, digits = 2): Promised {
  return { what, wanted: `≤ ${Number(wanted.toFixed(digits))}`, seen: seen.toFixed(digits), isKept: seen <= wanted };
}
