/** Ant Design's Upload over an uploader: its props come from a hook. */
export { type UploadPropsOptions, useUploadProps } from "./use-upload-props.js";
export type { Words } from "./words.js";
