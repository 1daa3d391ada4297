/** Lets the emulator's requests be tallied, from its log: it has no other ear. */
import type { Emulator, RequestEntry } from "@ossicle/oss-emulator";
import type { Tally } from "./tally.js";

export function tallyEmulator(emulator: Emulator, tally: Tally): void {
  const seen = new Map<RequestEntry, number>();
  emulator.onRequest((entry) => {
    const before = seen.get(entry);
    if (before === undefined) tally.begin(entry.action === "Preflight");
    const more = entry.bodyBytes - (before ?? 0);
    if (more > 0) tally.body(more);
    if (entry.phase === "received") seen.set(entry, entry.bodyBytes);
    else if (before !== undefined || more > 0) {
      seen.delete(entry);
      tally.end();
    }
  });
}
