/** Vue's view of an uploader: composables. On a server they know of no upload. */
export type { GoOnOptions, UnfinishedUpload } from "@ossicle/kit";
export type { UploadRow } from "./upload-row.js";
export { type PendingUploads, type UsePendingOptions, usePending } from "./use-pending.js";
export { useUpload } from "./use-upload.js";
export { type UploadRows, type UseUploadRowsOptions, useUploadRows } from "./use-upload-rows.js";
export { useUploads } from "./use-uploads.js";
