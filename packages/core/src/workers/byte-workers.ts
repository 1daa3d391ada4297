/** What the page asks of its workers: digest, send, parse. Calls take signals and report progress. Seam. Law: the worker only hashes and sends. */
import type { Digest, DigestKinds, Four, HttpRequest, HttpResponse, XmlValue } from "@ossicle/worker/contract";

export type { Digest, DigestKinds, Four, HttpRequest, HttpResponse, XmlValue };

export interface ByteWorkers {
  /**
   * Reads and digests `bytes` in a worker.
   * @throws UploadError "file-unreadable" if the bytes cannot be read, or none comes for `retry.stallTimeoutMs`, "network" if one worker after the other died of it, or its script cannot be loaded
   *   now, "worker" if none can be started
   * @throws the signal's reason once it is aborted
   */
  digest(bytes: Blob, wanted: DigestKinds, options: DigestOptions): Promise<Digest>;
  /** Digests four Blobs side by side. If they are of one size this costs half as much as one after the other. One failure fails all. */
  digestFour(four: Four<Blob>, wanted: DigestKinds, options: DigestOptions): Promise<Four<Digest>>;
  /**
   * Sends one request. It resolves with any answer, whatever its status.
   * @throws UploadError "network", "stalled", "file-unreadable" (the body could not be read), "worker"
   * @throws the signal's reason once it is aborted; by then the request is aborted too
   */
  send(request: HttpRequest, options: SendOptions): Promise<HttpResponse>;
  /** @returns undefined when the text is not well-formed XML */
  parseXml(text: string): Promise<XmlValue | undefined>;
  /** Starts a worker if none runs, so that the first call need not wait. If that fails, the first call reports it. */
  warm(): void;
  /** Ends all workers. Running calls reject. */
  close(): void;
}

export interface DigestOptions {
  readonly signal: AbortSignal;
  /** "idle" digests start only when no other digest waits. Default "normal". */
  readonly priority?: "normal" | "idle";
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Called at most 10 times a second with the bytes of the body given to the network so far. They may still lie in socket buffers. */
  readonly onSent?: (bytes: number) => void;
}
