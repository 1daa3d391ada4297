/** What is told of a fault: the requests that it befalls, what the first attempt of each ends with, and how the upload ends. */
import type { Fault } from "@ossicle/oss-emulator";
import type { UploadErrorCode } from "../../packages/core/src/index.js";

export const actions = [
  "InitiateMultipartUpload",
  "UploadPart",
  "CompleteMultipartUpload",
  "PutObject",
  "ListParts",
  "HeadObject",
  "AbortMultipartUpload",
] as const;
export type Action = (typeof actions)[number];

/** Why it cannot befall such a request, or is no news to it. */
export class Spared {
  readonly because: string;

  constructor(because: string) {
    this.because = because;
  }
}

/** What the first attempt ends with; null: as if nothing had happened. */
export type Meets = UploadErrorCode | null | Spared;

export interface Story<F extends Fault = Fault> {
  /** "A request that …" */
  readonly what: string;
  /** For the first, second, … request that it befalls. */
  readonly fault: F | ((turn: number) => F);
  readonly says: Readonly<Record<Action, Meets>>;
  /** How it ends. Default: the request is repeated, or was not hurt at all. */
  readonly ends?: "when it is let go" | "with the object, and an error";
  /** Initiate took effect and is repeated: the first upload's id, which nobody knows, stays for the lifecycle rule. */
  readonly orphan?: boolean;
  /** What it does concerns every later request, so only one upload at a time can tell what it met. */
  readonly oneByOne?: boolean;
}

/** The requests that a story is about. */
export function befallen({ says }: Story): readonly Action[] {
  return actions.filter((action) => !(says[action] instanceof Spared));
}

/** What the page may be told of it first. Firefox itself repeats a request that changes nothing when its connection breaks. */
export function hears({ says }: Story, action: Action, browserName: string): readonly unknown[] {
  const isRepeated = browserName === "firefox" && (action === "ListParts" || action === "HeadObject");
  return isRepeated && says[action] === "network" ? ["network", null] : [says[action]];
}

export function faultOf({ fault }: Story, turn: number): Fault {
  return typeof fault === "function" ? fault(turn) : fault;
}
