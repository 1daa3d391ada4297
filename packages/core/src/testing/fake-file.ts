/** A file of any size that holds no bytes. */
import type { FileInfo } from "../api/upload.js";

/**
 * A `File` of any size that holds no bytes, for `upload()` of a fake uploader and for file inputs: whoever reads it finds it empty.
 *
 * @param info what is not said: "film.mp4", 1,000 bytes, of the type "", last changed at 0
 * @example uploader.upload(fakeFile({ name: "film.mp4", size: 5e9 }), { key: "film.mp4" });
 */
export function fakeFile(info: Partial<FileInfo> = {}): File {
  const { name = "film.mp4", size = 1_000, type = "", lastModified = 0 } = info;
  return Object.defineProperty(new File([], name, { type, lastModified }), "size", { value: size });
}
