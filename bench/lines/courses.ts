/** What is uploaded over which line. Pure. */
import { bytesPerSecondOf } from "../../scripts/line/shape.js";
import type { Course } from "./upload.js";

const MiB = 2 ** 20;
/** Of the file on loopback, with which all sizes go. */
const fullSize = 512 * MiB;
/** Kilobits a second, and what takes 20 to 60 s there. */
const lines = [
  { kbit: 500, size: 3 * MiB },
  { kbit: 2000, size: 8 * MiB },
  { kbit: 4000, size: 16 * MiB },
  { kbit: 8000, size: 30 * MiB },
  { kbit: 20_000, size: 60 * MiB },
  { kbit: 100_000, size: 240 * MiB },
] as const;

/** The lines of 0.5 to 20 Mbit/s, of which something is promised. */
export const isPromised = ({ kbit }: Course): boolean => kbit <= 20_000;

/** What others do with 10 s more than half as long again is of no interest. */
const patience = 1.5;
const graceMs = 10_000;

function course(kbit: number, fullBytes: number, size: number, laterKbit = kbit): Course {
  const bytes = Math.max(MiB, Math.round((fullBytes * size) / fullSize / 1024) * 1024);
  const idealMs = (bytes / 3 / bytesPerSecondOf(kbit) + (bytes * 2) / 3 / bytesPerSecondOf(laterKbit)) * 1000;
  return {
    kbit,
    ...(laterKbit === kbit ? {} : { laterKbit }),
    size: bytes,
    cutAfterMs: Math.round(idealMs * patience + graceMs),
  };
}

/** @param size of the file on loopback @param rate kilobits a second of the one that is wanted; default: all */
export function steadyCourses(size: number, rate?: number): readonly Course[] {
  const known = lines.filter(({ kbit }) => rate === undefined || kbit === rate);
  if (known.length > 0 || rate === undefined) return known.map((each) => course(each.kbit, each.size, size));
  // What takes half a minute there.
  return [course(rate, Math.round(bytesPerSecondOf(rate) * 30), size)];
}

export function changingCourses(size: number): readonly Course[] {
  return [course(20_000, 20 * MiB, size, 2000), course(2000, 20 * MiB, size, 20_000)];
}

/** 40 kB/s behind a service worker, as it was seen in the field: three times what it takes, and then it never will. */
export function behindServiceWorker(size: number): Course {
  const { kbit, size: bytes } = course(335, Math.round(4.8 * MiB), size);
  return { kbit, size: bytes, cutAfterMs: Math.round((bytes / bytesPerSecondOf(kbit)) * 1600) };
}

export const reloads = 10;
/** The moments of the reloads, of the file. */
export const moments: readonly number[] = Array.from({ length: reloads }, (_, i) => (i + 1) / (reloads + 1));
