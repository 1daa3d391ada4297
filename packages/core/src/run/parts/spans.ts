/** Pieces of a file, and what they leave of it. Pure. */

/** The bytes `[start, end)` of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** @returns those of the spans that overlap none before them. @param spans ascending by start */
export function apart<T extends Span>(spans: readonly T[]): readonly T[] {
  let end = 0;
  return spans.filter((span) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

/** @returns what the spans leave of the file, ascending. @param spans ascending, without overlap */
export function gapsBetween({ fileSize }: { readonly fileSize: number }, spans: readonly Span[]): readonly Span[] {
  const edges = [...spans, { start: fileSize, end: fileSize }];
  return edges.flatMap(({ start: end }, i) => {
    const start = spans[i - 1]?.end ?? 0;
    return end > start ? { start, end } : [];
  });
}
