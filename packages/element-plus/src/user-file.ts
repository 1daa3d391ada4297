/** A row as el-upload wants it. */
import type { UploadRow } from "@ossicle/vue";
import type { UploadFile, UploadRawFile } from "element-plus";

/** Files that a list with pictures has shown: a later list of the page makes a picture anew, because the kit has let the first one go. */
const pictured = new WeakSet<Blob>();

export interface FilesOfRows {
  /** The same object for the same row: the kit draws only what has changed. */
  filesOf(rows: readonly UploadRow<never>[] | readonly UploadRow<unknown>[]): UploadFile[];
  /** The kit makes a picture of a file when it adds the row, and shows it for as long as the row has it. */
  keepPictures(files: readonly UploadFile[]): void;
}

/** @param uidOf what the kit calls a row */
export function filesOfRows(uidOf: (id: string) => number): FilesOfRows {
  const made = new WeakMap<object, UploadFile>();
  const pictures = new Map<number, string>();

  function pictureOf(uid: number, file: Blob | undefined): string | undefined {
    if (!pictures.has(uid) && file !== undefined && pictured.has(file)) pictures.set(uid, URL.createObjectURL(file));
    return pictures.get(uid);
  }

  function fileOf(row: UploadRow<unknown>): UploadFile {
    const uid = uidOf(row.id);
    const { name, size, percent, file, result, error } = row;
    const url = pictureOf(uid, file) ?? result?.url;
    return {
      uid,
      name,
      size,
      percentage: percent,
      status: statusOf(row),
      ...(file && { raw: file as UploadRawFile }),
      ...(result && { response: result }),
      ...(url && { url }),
      ...(error && { error }),
    };
  }

  return {
    filesOf: (rows) =>
      rows.map((row) => {
        const file = made.get(row) ?? fileOf(row as UploadRow<unknown>);
        made.set(row, file);
        return file;
      }),
    keepPictures(files) {
      for (const { uid, url, raw } of files) {
        if (raw === undefined || !url?.startsWith("blob:")) continue;
        pictures.set(uid, url);
        pictured.add(raw);
      }
    },
  };
}

function statusOf({ status, error }: UploadRow<unknown>): UploadFile["status"] {
  switch (status) {
    case "completed":
      return "success";
    case "failed":
      return "fail";
    case "unfinished":
      // The kit's word for a file that has yet to be sent. Without the file, `submit()` passes it over.
      return error === undefined ? "ready" : "fail";
    default:
      // Also of a paused one: the kit shows a bar for no other.
      return "uploading";
  }
}
