/** The core's view of the hands in the workers: the same verbs with signals and progress. Seam. Law 5. */
import type { Digest, DigestKinds, Four, HttpRequest, HttpResponse, XmlValue } from "@ossicle/worker/contract";

export type { Digest, DigestKinds, Four, HttpRequest, HttpResponse, XmlValue };

export interface ByteWorkers {
  /**
   * @throws UploadError "file-unreadable" when the bytes cannot be read, "network" when one worker after the other
   *   died of it, "worker" when none can be started
   * @throws the signal's reason once it is aborted
   */
  digest(bytes: Blob, wanted: DigestKinds, options: DigestOptions): Promise<Digest>;
  /** The same of four at once. Of one size they cost half as much as one after the other. One failure fails all. */
  digestFour(four: Four<Blob>, wanted: DigestKinds, options: DigestOptions): Promise<Four<Digest>>;
  /**
   * Any answer is a value, whatever its status.
   * @throws UploadError "network", "stalled", "file-unreadable" (the body could not be read), "worker"
   * @throws the signal's reason once it is aborted; by then the request is cut
   */
  send(request: HttpRequest, options: SendOptions): Promise<HttpResponse>;
  /** @returns undefined when the text is not well-formed XML */
  parseXml(text: string): Promise<XmlValue | undefined>;
  /** Starts one before it is needed, unless one runs. That it cannot be started is told to whoever needs it. */
  warm(): void;
  /** Ends every worker. Calls under way are rejected. */
  close(): void;
}

export interface DigestOptions {
  readonly signal: AbortSignal;
  /** "idle" digests start only when no other digest waits. Default "normal". */
  readonly priority?: "normal" | "idle";
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Bytes of the body handed to the network so far; at most 10 calls a second. Runs ahead of the network by socket buffers. */
  readonly onSent?: (bytes: number) => void;
}
