/** What is seen of an upload at each look at it, and kept with its entry. */
import type { RequestTrace, UploadResult } from "@ossicle/core";
import { cellsAtTheEnd } from "../parts/part-cells.js";
import type { Entry } from "./entries.js";
import type { Finished } from "./finished.js";

/** Keeps the map of parts, which the library lets go when an upload completes. To be called while `phase` is still that of before. */
export function noteParts(entry: Entry): void {
  const { upload, phase, isKept } = entry;
  const { state } = upload;
  if (isKept || phase === "completed") return;
  if (state.phase === "completed") entry.cells = cellsAtTheEnd(entry.cells, state);
  else {
    entry.cells = upload.partMap();
    entry.starts = upload.partStarts();
  }
}

/** Remembers the part of a request that failed or was a second attempt, so that the map can show it. */
export function noteRetry(entries: readonly Entry[], { upload: id, partNumber, error, attempt }: RequestTrace): void {
  if (partNumber === null || (error === null && attempt === 1)) return;
  entries.find(({ upload }) => upload.id === id)?.retried.add(partNumber);
}

/** What a later page lists of it. */
export function finishedOf({ name, begunAt }: Entry, result: UploadResult, finishedAt: number): Finished {
  const { key, url, size, etag, crc64, verified } = result;
  return { name, key, url, size, etag, crc64, verified, begunAt, finishedAt };
}
