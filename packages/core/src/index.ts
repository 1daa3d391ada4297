/** All public names of `@ossicle/core`. */

export type { Diagnosis, DiagnosisCheck } from "./api/diagnosis.js";
export type { CallTrace, StoreAction } from "./api/trace.js";
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
export { isAbortError, isUploadError, UploadError, type UploadErrorCode } from "./errors.js";
export { filesFromDrop } from "./files/files-from-drop.js";
export type { LeftOutOptions, LeftOutReason } from "./files/left-out.js";
export { type PickOptions, pickFiles } from "./files/pick-files.js";
export type { RequestSigner, SignableRequest, SignedRequest } from "./store/bucket/signable-request.js";
// What an adapter of another service is written against.
export type {
  CallOptions,
  ETag,
  FinishOptions,
  Integrity,
  ListedPart,
  Moment,
  MultipartUpload,
  ObjectInfo,
  ObjectStore,
  ObjectTarget,
  PartNames,
  ProbeOptions,
  Proof,
  SeenObject,
  StoredObject,
  StoredPart,
  StoreHints,
  StoreLimits,
  UploadId,
} from "./store/object-store.js";
export { decodeMetadata } from "./store/oss/encoded-headers.js";
export { ossStore } from "./store/oss/oss-adapter.js";
export type { Credentials, CredentialsProvider, OssStoreOptions, StsCredentials } from "./store/oss/oss-options.js";
export { signAt } from "./store/oss/sign-at.js";
export type { StoreConnection, StoreTools } from "./store/store-connection.js";
export type {
  ByteWorkers,
  Digest,
  DigestKinds,
  DigestOptions,
  HttpRequest,
  HttpResponse,
  SendOptions,
  XmlValue,
} from "./workers/byte-workers.js";
