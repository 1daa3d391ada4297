/** Sums the progress of several uploads. Pure. */
import type { Progress } from "../api/upload.js";
import { nothingYet } from "./state.js";

export function totalProgress(all: readonly Progress[]): Progress {
  const sum = all.reduce(
    (total, one) => ({
      totalBytes: total.totalBytes + one.totalBytes,
      storedBytes: total.storedBytes + one.storedBytes,
      sentBytes: total.sentBytes + one.sentBytes,
      resumedBytes: total.resumedBytes + one.resumedBytes,
      bytesPerSecond: total.bytesPerSecond + one.bytesPerSecond,
      secondsLeft: null,
      parts: {
        total: total.parts.total + one.parts.total,
        stored: total.parts.stored + one.parts.stored,
        inFlight: total.parts.inFlight + one.parts.inFlight,
      },
    }),
    nothingYet,
  );
  const left = sum.totalBytes - sum.sentBytes;
  return { ...sum, secondsLeft: sum.bytesPerSecond > 0 ? left / sum.bytesPerSecond : null };
}
