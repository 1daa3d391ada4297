/**
 * The record of an upload that was completed when no page was there to be told: the next one tells the user. It lies beside the
 * checkpoints, under an id of its own, and is written before the checkpoint is removed. Pure.
 */
import type { UploadResult } from "../api/upload.js";
import type { Note } from "../queued-note.js";
import type { UploadId } from "../store/object-store.js";
import { type HeadExtras, readSealed } from "./records.js";

export interface Done extends Note {
  /** As `finished` resolved, without what the callback answered: that may hold secrets. */
  readonly result: UploadResult;
  /** Of which multipart upload it was made; undefined for a file that went in one request. */
  readonly madeOf: UploadId | undefined;
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
}

const ending = ".done";

export function doneId(checkpointId: string): string {
  return checkpointId + ending;
}

/** @returns the id of the checkpoint that it was made of */
export function checkpointOf(id: string): string {
  return id.slice(0, -ending.length);
}

/** @returns undefined for any other record, and for a damaged one */
export function readDone(record: unknown): (HeadExtras & { readonly done: Done }) | undefined {
  const read = readSealed(record);
  if (read === undefined || !("result" in read.head)) return undefined;
  const { head, ...extras } = read;
  return { done: head as unknown as Done, ...extras };
}
