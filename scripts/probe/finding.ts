/** What an experiment has found. */

export type Verdict = "holds" | "differs" | "unknown";

export interface Finding {
  readonly verdict: Verdict;
  readonly seen: string;
}

export const found = (verdict: Verdict, seen: string): Finding => ({ verdict, seen });

/** The error code of an answer's document. */
export function codeIn(body: string): string {
  return /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? "without a code";
}
