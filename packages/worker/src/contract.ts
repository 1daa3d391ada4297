/** Everything that crosses between the page and a worker. All of it survives structured clone. Laws 5 and 7. */

/**
 * A pair of hands: hashes bytes and sends requests. Nothing throws (Comlink strips errors to name, message and stack),
 * nothing takes a callback (each would open a channel that somebody must release), signals do not cross: `cancel` does.
 */
export interface ByteWorker {
  /** Reads `bytes` once, in bounded pieces, reading ahead of the hasher. Computes only the digests that are `wanted`. */
  digest(call: CallId, bytes: Blob, wanted: DigestKinds): Promise<Outcome<Digest>>;
  /** Sends one request. Any HTTP status is a value; only the absence of an answer is a failure. */
  send(call: CallId, request: HttpRequest): Promise<Outcome<HttpResponse>>;
  /** For XML that arrives elsewhere than in a body: `x-oss-err` on HEAD is base64 XML, and a worker has the parser. */
  parseXml(text: string): Promise<Outcome<XmlValue>>;
  /** Stops a call; its outcome becomes `cancelled`. Unknown ids are ignored. */
  cancel(call: CallId): Promise<void>;
  /** Once per worker, after start. The port carries `Sent` messages, at most 10 per second and call. */
  reportProgressTo(port: MessagePort): Promise<void>;
}

/** Unique within one worker for as long as the call runs; the page counts them. */
export type CallId = number;

/** What travels over the progress port: how many body bytes of a call were handed to the network so far. */
export interface Sent {
  readonly call: CallId;
  readonly bytes: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface Failure {
  /**
   * "network": no answer. "stalled": silence for longer than the request allows. "cancelled": by `cancel`.
   * "unreadable": the blob's bytes cannot be read (file edited, deleted, unmounted), also when found out while sending.
   */
  readonly kind: "network" | "stalled" | "cancelled" | "unreadable";
  readonly message: string;
}

export interface DigestKinds {
  readonly md5: boolean;
  readonly crc64: boolean;
}

export interface Digest {
  /** 16 raw bytes; undefined if it was not wanted. */
  readonly md5: Uint8Array<ArrayBuffer> | undefined;
  /** CRC-64/XZ, unsigned; undefined if it was not wanted. */
  readonly crc64: bigint | undefined;
  /** Bytes that were read. */
  readonly size: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A Blob goes to the network by reference; its `type` must be "" or the browser adds a Content-Type. */
  readonly body?: Blob | Uint8Array<ArrayBuffer>;
  /** Silence while the body is on its way after which the request is cut. */
  readonly stallTimeoutMs: number;
  /** Silence after the whole body is out (or, without a body, from the start) after which the request is cut. */
  readonly answerTimeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; only those that the server's CORS rule exposes. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Present when the body is well-formed XML, whatever its Content-Type said. */
  readonly xml?: XmlValue;
}

/** Plain values: an element is a string (its text) or a record of its children; every child is a list, so that one is not special. */
export type XmlValue = string | { readonly [name: string]: readonly XmlValue[] };
