/** What an adapter gives the uploader before anything is sent, and what the uploader lends a store. Types only. */
import type { ByteWorkers } from "../workers/byte-workers.js";
import type { ObjectStore } from "./object-store.js";
import type { Patience } from "./patience.js";

/** What an adapter such as `ossStore()` gives the uploader: what is known at once, and how to connect. */
export interface StoreConnection extends Pick<ObjectStore, "limits" | "check" | "digests" | "fixed" | "urlOf"> {
  /** The service's name in code: "oss". */
  readonly kind: string;
  /** May load code. @throws the browser's error if that fails */
  connect(tools: StoreTools): Promise<ObjectStore>;
}

/** What the uploader lends a store. */
export interface StoreTools {
  /** They hash, send requests and parse XML. */
  readonly workers: ByteWorkers;
  /** Milliseconds since the epoch by the page's clock, which may be wrong. */
  readonly now: () => number;
  /** Milliseconds without a byte sent after which a request fails as "stalled". */
  readonly stallTimeoutMs: number;
  /** The limits of a body, by what is known of the line. Default: the adapter's own. */
  readonly patience?: Patience;
  /** "post": small objects may go by a form, which browsers send without a preflight, where the service takes one. Default: "put". */
  readonly smallFiles?: "post" | "put";
  /** Does the browser believe that it is online? Default: yes. */
  readonly online?: () => boolean;
  /**
   * Resolves after `ms`, or rejects with the signal's reason. With it the store gives up on an app that does not answer. Default: the store
   * waits without end.
   */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}
