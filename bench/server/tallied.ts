/** Lets the emulator's requests be tallied, from its log: it has no other ear. */
import type { Emulator, RequestEntry } from "@ossicle/oss-emulator";
import type { Tally } from "./tally.js";

/** The requests whose bodies are bytes of files. */
const ofFiles: ReadonlySet<string> = new Set(["PutObject", "PostObject", "UploadPart"]);

export function tallyEmulator(emulator: Emulator, tally: Tally): void {
  const seen = new Map<RequestEntry, number>();
  emulator.onRequest((entry) => {
    const before = seen.get(entry);
    if (before === undefined) tally.begin(entry.action === "Preflight");
    const more = entry.bodyBytes - (before ?? 0);
    const isOfFile = ofFiles.has(entry.action);
    if (more > 0) tally.body(more, isOfFile);
    if (isOfFile && entry.phase === "answered" && entry.status < 300) tally.stored();
    if (entry.phase === "received") seen.set(entry, entry.bodyBytes);
    else if (before !== undefined || more > 0) {
      seen.delete(entry);
      tally.end();
    }
  });
}
