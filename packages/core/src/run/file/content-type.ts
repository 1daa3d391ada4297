/** Chooses the content type of an object. Where the browser gives the file no type, the end of its name decides. Pure. */

import type { ObjectTarget } from "../../store/object-store.js";

/** Extensions of each content type, separated by spaces. */
const extensions: Readonly<Record<string, string>> = {
  "video/mp4": "mp4 m4v",
  "video/quicktime": "mov",
  "video/webm": "webm",
  "video/x-matroska": "mkv",
  "video/x-msvideo": "avi",
  "video/mpeg": "mpg mpeg",
  "video/3gpp": "3gp",
  "video/mp2t": "ts m2ts",
  "video/x-flv": "flv",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/aac": "aac",
  "audio/ogg": "ogg oga opus",
  "audio/wav": "wav",
  "audio/flac": "flac",
  "image/jpeg": "jpg jpeg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/avif": "avif",
  "image/heic": "heic",
  "image/heif": "heif",
  "image/svg+xml": "svg",
  "image/bmp": "bmp",
  "image/tiff": "tif tiff",
  "application/pdf": "pdf",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
  "application/rtf": "rtf",
  "application/epub+zip": "epub",
  "text/plain": "txt log",
  "text/csv": "csv",
  "text/markdown": "md",
  "application/zip": "zip",
  "application/gzip": "gz tgz",
  "application/x-tar": "tar",
  "application/x-7z-compressed": "7z",
  "application/vnd.rar": "rar",
  "application/x-bzip2": "bz2",
  "application/vnd.android.package-archive": "apk",
  "text/html": "html htm",
  "text/css": "css",
  "text/javascript": "js mjs",
  "application/json": "json",
  "application/xml": "xml",
  "application/wasm": "wasm",
  "font/woff2": "woff2",
};

/** @returns the target with the file's own type, or the type of its name or key, if the app gave no content type */
export function withContentType(target: ObjectTarget, file: Blob): ObjectTarget {
  if (target.contentType !== undefined) return target;
  const name = file instanceof File ? file.name : undefined;
  return { ...target, contentType: file.type === "" ? contentTypeOf(name, target.key) : file.type };
}

/** @param names the first one with a known extension decides. @returns "application/octet-stream" if there is none */
function contentTypeOf(...names: readonly (string | undefined)[]): string {
  const found = names.map((name) => typeOf(extensionOf(name ?? ""))).find((type) => type !== undefined);
  return found ?? "application/octet-stream";
}

function typeOf(extension: string): string | undefined {
  return Object.entries(extensions).find(([, list]) => list.split(" ").includes(extension))?.[0];
}

/** @returns the extension in lower case; "" for a name without one, such as `archive/` or `.htaccess` */
function extensionOf(name: string): string {
  return /[^/.][^/]*\.([^/.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}
