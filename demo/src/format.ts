/** Sizes, speeds and durations as a person reads them. Pure; three figures, so that a counting number keeps its width. */

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Decimal units, as disks and network plans are sold: 1 kB = 1,000 B. Three figures: "8.39 MB", "12.5 GB", "300 MB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be written "1000": the next unit says the same in three figures.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : threeFigures(value)} ${byteUnits[unit] ?? "PB"}`;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** Two units at most: "8 s", "2 min 05 s", "3 h 12 min", "2 d 4 h". Below a second: "0.4 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 0.95) return `${Math.max(0.1, Math.round(seconds * 10) / 10).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** @param secondsLeft null while there is nothing to estimate from: then the answer is empty. */
export function formatTimeLeft(secondsLeft: number | null): string {
  if (secondsLeft === null || !Number.isFinite(secondsLeft)) return "";
  return secondsLeft < 1 ? "almost there" : `${formatDuration(secondsLeft)} left`;
}

/** Whole percent, rounded down: 100 is only said when nothing is missing. An empty file is whole from the start. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 100;
  return Math.max(0, Math.min(100, Math.floor((done / total) * 100)));
}

/** How long ago, as coarse as one remembers it: "just now", "5 min ago", "3 h ago", "2 days ago". */
export function formatAgo(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

const grouping = new Intl.NumberFormat("en");

/** "10,000". */
export function grouped(amount: number): string {
  return grouping.format(amount);
}

/** "1 part", "38 parts", "10,000 parts". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(amount)} ${amount === 1 ? singular : plural}`;
}

function threeFigures(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
