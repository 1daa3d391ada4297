/** A request that is being worked on, with all that is known of it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Action } from "../action.js";
import type { MutableEntry } from "../request-log.js";
import type { Pace } from "./pace.js";
import type { Patience } from "./patience.js";
import type { Target } from "./target.js";

/** The answer to a request, before the headers that all answers have. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For a stream, `headers` must have its Content-Length. */
  readonly body?: string | Readable;
  /** The OSS error code, for the log. */
  readonly code?: string;
  /** True for an answer of somebody else than the service: it gets none of the service's headers. */
  readonly isForeign?: boolean;
  /** True: the answer is sent without CORS headers, so that no page can read it. */
  readonly isUnreadable?: boolean;
}

/** What a fault does to the body while it is read. */
export interface BodyPlan {
  /** Called before the first piece and after each, with the bytes read so far. May wait or throw. */
  before?(bytesSoFar: number): Promise<void>;
  /** Called with each piece and the bytes read before it. May change the bytes. */
  transform?(bytes: Buffer, bytesSoFar: number): Buffer;
  /** Applies beside the network's pace and the request's traffic limit. */
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
  bodyPlan: BodyPlan;
  /** True: Content-MD5 is not checked, because a fault flips a bit of the stored bytes. */
  trustsContentMd5: boolean;
  /** True: the body is stored under an ETag that is not its MD5, by a fault. */
  hidesMd5: boolean;
  /** True once a body was stored under such an ETag. */
  hasHiddenMd5: boolean;
  /** True once "100 Continue" was sent to a client that waits for it before it sends its body. */
  hasContinued: boolean;
  /** PostObject calls it with the access key that the form names, before the signature is checked. A fault may throw in it. */
  beforeVerify: (accessKeyId: string | undefined) => void;
  /** Operations call it once, just before they change the store. A fault may wait or throw in it. */
  beforeEffect: () => Promise<void>;
}

/** Thrown when the connection has ended, by a fault or by the client, so that no answer can be sent. */
export class Disconnected extends Error {
  override readonly name = "Disconnected";
}
