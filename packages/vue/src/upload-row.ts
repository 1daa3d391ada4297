/** One line of a list of files, as the lists of user interface kits want it: flat. Pure. */
import type { Upload, UploadResult, UploadState } from "@ossicle/core";
import type { Row, UnfinishedUpload } from "@ossicle/kit";

/** Immutable; a new object for every change. */
export interface UploadRow<AppData = unknown> {
  /** As the kit calls the row, where the kit began it. It stays when an unfinished upload goes on. */
  readonly id: string;
  readonly name: string;
  /** Bytes; 0 while it is not known. */
  readonly size: number;
  /**
   * "uploading": it moves or waits; "paused": by the user, or stopped; "failed": also where it could not begin at all; "completed";
   * "unfinished": an earlier page left it, and the user has to do something.
   */
  readonly status: "uploading" | "paused" | "failed" | "completed" | "unfinished";
  /** For a progress bar: whole percent, 0…100. 100 only when it is complete. */
  readonly percent: number;
  /** What it failed with; of an unfinished one, why it did not go on. */
  readonly error: Error | undefined;
  /** Of a completed one. */
  readonly result: UploadResult | undefined;
  /** The file, where the kit has handed it over on this page. */
  readonly file: Blob | undefined;
  /** The upload of this page, if it is one. */
  readonly upload: Upload<AppData> | undefined;
  /** What an earlier page left, if it is that. */
  readonly unfinished: UnfinishedUpload<AppData> | undefined;
}

export function flatRow<AppData>(row: Row<AppData>): UploadRow<AppData> {
  const nothing = { percent: 0, error: undefined, result: undefined, file: undefined };
  const common = { ...nothing, id: row.uid, name: row.name, upload: undefined, unfinished: undefined };
  if (row.kind === "refused") {
    return { ...common, size: row.file.size, status: "failed", error: row.error, file: row.file };
  }
  if (row.kind === "unfinished") {
    const { unfinished } = row;
    return {
      ...common,
      size: unfinished.file.size,
      status: "unfinished",
      percent: percentOf(unfinished.fraction),
      error: unfinished.problem ?? undefined,
      unfinished,
    };
  }
  const { upload, state, file } = row;
  return {
    ...common,
    size: state.progress.totalBytes,
    status: statusOf(state.phase),
    percent: percentOf(state.progress.fraction),
    error: state.phase === "failed" ? state.error : undefined,
    result: state.phase === "completed" ? state.result : undefined,
    file,
    upload,
  };
}

function statusOf(phase: UploadState["phase"]): UploadRow["status"] {
  switch (phase) {
    case "completed":
    case "failed":
    case "paused":
      return phase;
    case "stopped":
    // Lists show it no more.
    case "cancelled":
      return "paused";
    default:
      return "uploading";
  }
}

function percentOf(fraction: number): number {
  return Math.floor(fraction * 100);
}
