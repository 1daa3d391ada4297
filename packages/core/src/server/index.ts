/** The application server's half: `@ossicle/core/server`. The public names, nothing else. */
export type { Credentials, SignableRequest, SignedRequest, StsCredentials } from "../store/oss/oss-options.js";
export { type PresignOptions, presign } from "./presign.js";
export { createSignHandler, type SignHandlerOptions } from "./sign-handler.js";
