/** Element Plus' el-upload over an uploader: a composable gives what its attributes take. */
export type { UploadRow, UseUploadRowsOptions } from "@ossicle/vue";
export { type ElUpload, useElUpload } from "./use-el-upload.js";
