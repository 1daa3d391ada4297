/** React's view of an uploader: hooks. They render nothing on a server, and may mount twice. */
export type { GoOnOptions, UnfinishedState, UnfinishedUpload } from "@ossicle/kit";
export { type UsePendingOptions, usePending } from "./use-pending.js";
export { useUpload } from "./use-upload.js";
export { useUploads } from "./use-uploads.js";
