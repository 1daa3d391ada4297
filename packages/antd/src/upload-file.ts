/** A row as Ant Design's Upload wants it. */
import type { UploadResult } from "@ossicle/core";
import type { Row } from "@ossicle/kit";
import type { UploadFile } from "antd";

/** Pictures that Ant Design has drawn of files: it writes them onto a row, some time later, and rows are replaced ten times a second. */
const pictures = new WeakMap<Blob, string>();

/** @param isPublic rows of complete objects link to them */
export function uploadFileOf(row: Row, isPublic: boolean): UploadFile<UploadResult> {
  const { uid, name } = row;
  if (row.kind === "refused") {
    return withFile(
      { uid, name, size: row.file.size, type: row.file.type, status: "error", error: row.error },
      row.file,
    );
  }
  if (row.kind === "unfinished") {
    const { file, problem } = row.unfinished;
    // None of the kit's states: it is neither under way nor failed.
    return { uid, name, size: file.size, type: file.type, ...(problem && { status: "error", error: problem }) };
  }
  const { state, upload } = row;
  const { size = state.progress.totalBytes, type = "" } = upload.file ?? {};
  const file: UploadFile<UploadResult> = { uid, name, size, type, percent: percentOf(state.progress.fraction) };
  if (state.phase === "completed") {
    file.status = "done";
    file.response = state.result;
    if (isPublic && state.result.url !== "") file.url = state.result.url;
  } else if (state.phase === "failed") {
    file.status = "error";
    file.error = state.error;
  } else {
    file.status = "uploading";
  }
  return withFile(file, row.file);
}

/** With one decimal; 100 only when it is complete. */
export function percentOf(fraction: number): number {
  return Math.floor(fraction * 1000) / 10;
}

function withFile(row: UploadFile<UploadResult>, file: Blob | undefined): UploadFile<UploadResult> {
  if (file === undefined) return row;
  row.originFileObj = file as NonNullable<UploadFile["originFileObj"]>;
  return Object.defineProperty(row, "thumbUrl", {
    configurable: true,
    enumerable: true,
    get: () => pictures.get(file),
    set: (picture: string) => pictures.set(file, picture),
  });
}
