/** Everything that crosses between the page and a worker. All of it survives structured clone. Laws 5 and 7. */

/** Raise it with every released change of this file: a worker file that an app copied by hand may be an older one. */
export const contractVersion = 2;

/** The first message of every worker, before any call: it runs, and this is the contract it speaks. */
export interface Hello {
  readonly ossicle: number;
}

/**
 * A pair of hands: hashes bytes and sends requests. Nothing throws (Comlink strips errors to name, message and stack),
 * nothing takes a callback (each would open a channel that somebody must release), signals do not cross: `cancel` does.
 */
export interface ByteWorker {
  /** Reads `bytes` once, in bounded pieces, reading ahead of the hasher. Computes only the digests that are `wanted`. */
  digest(call: CallId, bytes: Blob, wanted: DigestKinds): Promise<Outcome<Digest>>;
  /** The same of four Blobs side by side. Of one size they cost half as much as one after the other. */
  digestFour(call: CallId, four: Four<Blob>, wanted: DigestKinds): Promise<Outcome<Four<Digest>>>;
  /** Sends one request. Any HTTP status is a value; only the absence of an answer is a failure. No cache answers GET or HEAD. */
  send(call: CallId, request: HttpRequest): Promise<Outcome<HttpResponse>>;
  /** For XML that arrives elsewhere than in a body: `x-oss-err` on HEAD is base64 XML, and a worker has the parser. */
  parseXml(text: string): Promise<Outcome<XmlValue>>;
  /** Stops a call; that it has stopped is told by its outcome, `cancelled`. Unknown ids are ignored. */
  cancel(call: CallId): Promise<void>;
  /** Once per worker, after start. The port carries `Sent` messages, at most 10 per second and call. */
  reportProgressTo(port: MessagePort): Promise<void>;
}

/** One thing for each of four Blobs. */
export type Four<T> = readonly [T, T, T, T];

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
   * "invalid": the browser will not even begin such a request (method, URL, or a header value outside Latin-1).
   * "blocked": the Content-Security-Policy that the worker has does not allow the place.
   */
  readonly kind: "network" | "stalled" | "cancelled" | "unreadable" | "invalid" | "blocked";
  /** One clause without a full stop; names the method and URL of a request, never its query: signatures are secrets. */
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
  /** Those that a page may not set (Host, Content-Length, Date, …) are left out: the browser writes its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** A Blob goes to the network by reference; its `type` must be "" or the browser adds a Content-Type. */
  readonly body?: Blob | Uint8Array<ArrayBuffer>;
  /**
   * Silence while the body is on its way after which the request is cut. Until its first byte is out a request may be
   * waiting for a connection, which no event tells from a dead network: it has four times as long for that.
   */
  readonly stallTimeoutMs: number;
  /** Silence after the whole body is out (or, without a body, from the start) after which the request is cut. */
  readonly answerTimeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; only those that the server's CORS rule exposes. */
  readonly headers: Readonly<Record<string, string>>;
  /** It came from another URL than the one asked: after a redirect, or from a service worker's cache. */
  readonly elsewhere: boolean;
  /** Decoded as UTF-8. An answer of more than 8 MiB is a "network" failure: it is not the service's. */
  readonly body: string;
  /** Present when the body is well-formed XML, whatever its Content-Type said. */
  readonly xml?: XmlValue;
}

/**
 * Plain values: an element is a string (its text, unchanged; "" when empty) or a record of its children; every child is a
 * list, so that one is not special. A document is a record with one name, its root element:
 * `<A><B>1</B></A>` is `{ A: [{ B: ["1"] }] }`. Attributes, comments and text beside children are left out.
 */
export type XmlValue = string | { readonly [name: string]: readonly XmlValue[] };
