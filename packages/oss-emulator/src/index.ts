/** The public names of the emulator, a strict local Alibaba Cloud OSS. */
export type { Action, Permission } from "./action.js";
export type { Account, ExpiredTokenCode, TokenCredentials, TokenOptions } from "./auth/accounts.js";
export { type CorsRule, defaultCorsRules } from "./cors.js";
export type { Emulator, ObjectInfo, PartInfo, UploadInfo } from "./emulator.js";
export type { Fault, FaultKind, FaultName, FaultSpec } from "./faults/fault.js";
export type { FaultHandle, Faults } from "./faults/fault-list.js";
export type { Network } from "./http/connections.js";
export { isLoopbackName, whyNotLocal } from "./loopback.js";
export { type BucketOptions, defaultAccount, type EmulatorOptions } from "./options.js";
export type { RequestEntry } from "./request-log.js";
export type { BucketAcl } from "./service.js";
export { startEmulator } from "./start-emulator.js";
