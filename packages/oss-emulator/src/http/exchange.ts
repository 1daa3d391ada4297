/** One request and what is known of it while it is worked on. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Action } from "../action.js";
import type { MutableEntry } from "../request-log.js";
import type { Pace } from "./pace.js";
import type { Patience } from "./patience.js";
import type { Target } from "./target.js";

/** What is to be sent back. Common headers are added when it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream's length stands in `Content-Length`. */
  readonly body?: string | Readable;
  /** For the log. */
  readonly code?: string;
  /** Not the service's own answer: it gets none of the service's headers. */
  readonly isForeign?: boolean;
  /** It gets no CORS header, and loses those that it has. */
  readonly isUnreadable?: boolean;
}

/** What happens to the body as it comes in, beside its being read. */
export interface BodyPlan {
  /** Asked before each piece; bytes read so far. May wait, or throw. */
  before?(bytesSoFar: number): Promise<void>;
  /** May change the bytes. */
  transform?(bytes: Buffer, bytesSoFar: number): Buffer;
  /** Beside the shared line's and the traffic limit's. */
  readonly pace?: Pace;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  readonly method: string;
  readonly target: Target;
  readonly action: Action;
  /** Names in lower case, values Latin-1. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly entry: MutableEntry;
  /** Tells the log that `entry` changed. */
  readonly touch: () => void;
  /** `performance.now()` at arrival. */
  readonly startedAt: number;
  readonly patience: Patience;
  /** What a fault does to the body. */
  bodyPlan: BodyPlan;
  /** Content-MD5 is not looked at: a fault flips the stored bytes behind the check. */
  trustsContentMd5: boolean;
  /** What is stored gets an ETag that says nothing of its bytes. */
  hidesMd5: boolean;
  /** Whether something was stored under such an ETag. */
  hasHiddenMd5: boolean;
  /** Whether a client that asked for it was told to send its body. */
  hasContinued: boolean;
  /** Just before anything is changed by the operation; a fault may wait or throw here. */
  beforeEffect: () => Promise<void>;
}

/** The connection died, by a fault or by the client's will: there is nobody to answer. */
export class Disconnected extends Error {
  override readonly name = "Disconnected";
}
