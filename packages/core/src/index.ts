/** The public names, nothing else. */

export type { Diagnosis, DiagnosisCheck } from "./api/diagnosis.js";
export type {
  FileInfo,
  PickedFile,
  Progress,
  Upload,
  UploadCallback,
  UploadOptions,
  UploadResult,
  UploadSource,
  UploadState,
  Waiting,
} from "./api/upload.js";
export type {
  PendingUpload,
  RequestTrace,
  RetryOptions,
  StoreAdapter,
  Uploader,
  UploaderOptions,
  WorkerOptions,
} from "./api/uploader.js";
export type { CheckpointStore } from "./checkpoint/checkpoint-store.js";
export { createUploader } from "./create-uploader.js";
export { isUploadError, UploadError, type UploadErrorCode } from "./errors.js";
export { filesFromDrop } from "./files/files-from-drop.js";
export type { LeftOutOptions, LeftOutReason } from "./files/left-out.js";
export { type PickOptions, pickFiles } from "./files/pick-files.js";
export { decodeMetadata } from "./store/oss/object-headers.js";
export { ossStore } from "./store/oss/oss-adapter.js";
export type {
  Credentials,
  CredentialsProvider,
  OssStoreOptions,
  RequestSigner,
  SignableRequest,
  SignedRequest,
  StsCredentials,
} from "./store/oss/oss-options.js";
export { signAt } from "./store/oss/sign-at.js";
