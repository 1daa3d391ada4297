/** Tables for people: on a terminal and in Markdown they are the same text. Pure. */

export type Align = "left" | "right";

export interface Column<Row> {
  readonly head: string;
  /** Default: "right". */
  readonly align?: Align;
  readonly cell: (row: Row) => string;
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(3, ...lines.map((line) => line[i]?.length ?? 0)));
  const isLeft = (i: number) => columns[i]?.align === "left";
  const pad = (text: string, i: number) => (isLeft(i) ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0));
  const rule = widths.map((width, i) => (isLeft(i) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const [head, ...body] = lines.map((line) => line.map(pad));
  return [head, rule, ...body].map((cells) => `| ${cells?.join(" | ")} |`).join("\n");
}

/** As many digits as mean something: 0.85, 3.4, 12, 1,234. */
export function number(value: number, digits?: number): string {
  if (!Number.isFinite(value)) return "–";
  const most = digits ?? (Math.abs(value) >= 10 ? 0 : Math.abs(value) >= 2 ? 1 : 2);
  return value.toLocaleString("en", { minimumFractionDigits: most, maximumFractionDigits: most });
}

export const megabytes = (bytes: number): string => number(bytes / 1e6, 0);
