/** What the adapters for frameworks and upload widgets have in common. It is bundled into each of them. */
export {
  type GoOnOptions,
  nothingLoaded,
  type UnfinishedState,
  type UnfinishedUpload,
  unfinishedOf,
} from "./unfinished.js";
export { type Row, rowsOf, type UploadRows } from "./upload-rows.js";
