/** The public names: what the command does, for a program of one's own. */

export type { UnfinishedUpload } from "./listing.js";
export type { BucketOptions } from "./place.js";
export { type SweepOptions, type Swept, sweep } from "./sweep.js";
