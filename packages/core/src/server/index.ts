/** All public names of `@ossicle/core/server`, the part of the library that runs on the application server. */
export { isUploadError, UploadError } from "../errors.js";
export type { SignableRequest, SignedRequest } from "../store/bucket/signable-request.js";
export type { Credentials, StsCredentials } from "../store/oss/oss-options.js";
export { presign } from "./presign.js";
export { type PresignedGet, type PresignGetOptions, presignGet } from "./presign-get.js";
export type { PresignOptions } from "./presign-options.js";
export { createSignHandler, type SignHandlerOptions } from "./sign-handler.js";
export { type VerifiedCallback, type VerifyCallbackOptions, verifyCallback } from "./verify-callback.js";
