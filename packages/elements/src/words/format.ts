/** Sizes, speeds and durations for people to read. Three figures, so that a number that counts up keeps its width. Pure. */
import type { Words } from "./en.js";

type Time = Words["time"];

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** "8.39 MB", "12.5 GB", "300 MB". Decimal units, as disks and network plans are sold by: 1 kB = 1,000 B. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // From 999.5 on a value would be rounded to "1000", which has four figures: it goes to the next unit.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : threeFigures(value)} ${byteUnits[unit] ?? "PB"}`;
}

export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** At most two units: "8 s", "2 min 05 s", "3 h 12 min", "2 d 4 h". Below one second: "0.4 s". */
export function formatDuration(seconds: number, time: Time): string {
  if (seconds < 0.95) return time.seconds(Math.max(0.1, Math.round(seconds * 10) / 10).toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return time.seconds(String(whole));
  if (whole < 3600) return time.minutes(Math.floor(whole / 60), twoFigures(whole % 60));
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return time.hours(Math.floor(minutes / 60), twoFigures(minutes % 60));
  const hours = Math.floor(minutes / 60);
  return time.days(Math.floor(hours / 24), hours % 24);
}

/** @param secondsLeft null while it cannot be estimated @returns "" for null */
export function formatTimeLeft(secondsLeft: number | null, time: Time): string {
  if (secondsLeft === null || !Number.isFinite(secondsLeft)) return "";
  return secondsLeft < 1 ? time.almost : time.left(formatDuration(secondsLeft, time));
}

/** Whole percent, rounded down, so that "100 %" means completed. @param fraction 0…1; null where there is nothing: "–" */
export function percent(fraction: number | null): string {
  return fraction === null ? "–" : `${Math.floor(fraction * 100)} %`;
}

/** How long ago something was: "just now", "5 minutes ago", "yesterday". */
export function formatAgo(ms: number, { locale, time }: Pick<Words, "locale" | "time">): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return time.justNow;
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (minutes < 60) return ago.format(-minutes, "minute");
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? ago.format(-hours, "hour") : ago.format(-Math.floor(hours / 24), "day");
}

function twoFigures(value: number): string {
  return String(value).padStart(2, "0");
}

function threeFigures(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
