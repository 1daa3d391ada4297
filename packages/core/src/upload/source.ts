/** Tells apart what an app gives to `upload()`: files, blobs, handles, and what was picked. */

import type { FileInfo, PickedFile, UploadSource } from "../api/upload.js";
import { UploadError } from "../errors.js";

export interface OpenedSource {
  readonly file: Blob;
  readonly handle: FileSystemFileHandle | undefined;
}

/** @returns null for a handle: what it names is known only once it is opened */
export function fileInfo(source: UploadSource): FileInfo | null {
  if (source instanceof Blob) return infoOf(source);
  return isPicked(source) ? infoOf(source.file) : null;
}

export function infoOf(file: Blob): FileInfo {
  const named = file instanceof File ? file : undefined;
  return { name: named?.name ?? "", size: file.size, type: file.type, lastModified: named?.lastModified ?? 0 };
}

/**
 * True only for the same object or the same handle. Equal names, sizes, types and dates prove nothing, and whether two handles are
 * of one file can only be asked asynchronously.
 */
export function isSameSource(a: UploadSource, b: UploadSource): boolean {
  return fileOf(a) === fileOf(b) || (handleOf(a) !== undefined && handleOf(a) === handleOf(b));
}

/** @throws UploadError "invalid-option" for anything that is not a file, a blob, a handle or a picked file */
export function checkSource(source: unknown): asserts source is UploadSource {
  if (source instanceof Blob) return;
  const given = typeof source === "object" && source !== null ? source : {};
  if ("file" in given && given.file instanceof Blob) return;
  if ("getFile" in given && typeof given.getFile === "function") return;
  throw new UploadError("invalid-option", "upload() was not given a File, Blob, FileSystemFileHandle or PickedFile", {
    hint: "A directory's handle is not a file: walk it and upload its files.",
  });
}

export function isPicked(source: UploadSource): source is PickedFile {
  return "file" in source && source.file instanceof Blob;
}

function fileOf(source: UploadSource): UploadSource {
  return isPicked(source) ? source.file : source;
}

/** @returns undefined for a handle: it has to be opened */
export function fileOfSource(source: UploadSource): Blob | undefined {
  const file = fileOf(source);
  return file instanceof Blob ? file : undefined;
}

/** The handle that the browser gave with it, if any. */
export function handleOf(source: UploadSource): FileSystemFileHandle | undefined {
  if (source instanceof Blob) return undefined;
  return isPicked(source) ? source.handle : source;
}
