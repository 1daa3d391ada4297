/** Sums the progress of several uploads. Of speed and time it says nothing. Pure. */
import type { Progress } from "../api/upload.js";
import { nothingYet } from "./state.js";

export function totalProgress(all: readonly Progress[]): Progress {
  return all.reduce((total, one) => {
    const totalBytes = total.totalBytes + one.totalBytes;
    const done = total.fraction * total.totalBytes + one.fraction * one.totalBytes;
    return {
      fraction: totalBytes === 0 ? 0 : done / totalBytes,
      totalBytes,
      storedBytes: total.storedBytes + one.storedBytes,
      sentBytes: total.sentBytes + one.sentBytes,
      resumedBytes: total.resumedBytes + one.resumedBytes,
      bytesPerSecond: 0,
      secondsLeft: null,
      parts: {
        total: total.parts.total + one.parts.total,
        stored: total.parts.stored + one.parts.stored,
        inFlight: total.parts.inFlight + one.parts.inFlight,
      },
    };
  }, nothingYet);
}
