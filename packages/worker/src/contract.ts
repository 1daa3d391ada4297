/** Everything that crosses between the page and a worker. All of it survives structured clone. */

/** Raise it with every released change of this file: an app may have copied an older worker file by hand. */
export const contractVersion = 2;

/** The first message of every worker, before any call. It says that the worker runs. */
export interface Hello {
  /** The worker's `contractVersion`. */
  readonly ossicle: number;
}

/**
 * Hashes bytes and sends requests. No method throws: Comlink reduces errors to name, message and stack. No method takes a
 * callback: each would open a channel that has to be closed again. An AbortSignal cannot cross threads, so `cancel` stops a call.
 */
export interface ByteWorker {
  /**
   * Reads `bytes` once, in pieces of bounded size, ahead of the hasher. Computes only the digests that are `wanted`.
   *
   * @param silenceMs how long no byte may come before that is the failure "silent"
   */
  digest(call: CallId, bytes: Blob, wanted: DigestKinds, silenceMs: number): Promise<Outcome<Digest>>;
  /** Digests four Blobs side by side. If all have one size, that costs half as much as one after the other. */
  digestFour(call: CallId, four: Four<Blob>, wanted: DigestKinds, silenceMs: number): Promise<Outcome<Four<Digest>>>;
  /** Sends one request. An answer of any HTTP status is a value; no answer is a failure. GET and HEAD bypass the browser's caches. */
  send(call: CallId, request: HttpRequest): Promise<Outcome<HttpResponse>>;
  /** Parses XML that did not arrive as a body, such as `x-oss-err` of a HEAD answer. The page's code has no parser. Failure: "invalid". */
  parseXml(text: string): Promise<Outcome<XmlValue>>;
  /** Stops a call, whose outcome is then the failure "cancelled". Unknown ids are ignored. */
  cancel(call: CallId): Promise<void>;
  /** Call it once per worker, after its start. The port then carries `BytesSent` messages, at most 10 per second and call. */
  reportProgressTo(port: MessagePort): Promise<void>;
}

/** One thing for each of four Blobs. */
export type Four<T> = readonly [T, T, T, T];

/** Chosen by the page. No two running calls of one worker have the same. */
export type CallId = number;

/** One message of the progress port. */
export interface BytesSent {
  readonly call: CallId;
  /** Bytes of the call's body that were handed to the network so far. */
  readonly bytes: number;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface Failure {
  /**
   * - "network": there was no answer that the browser lets a script read.
   * - "stalled": nothing happened for longer than the request allows.
   * - "cancelled": by `cancel`.
   * - "unreadable": the Blob's bytes cannot be read, because its file was edited, deleted or unmounted. `send` finds that too.
   * - "silent": the Blob's bytes do not come, and no error either: its drive hangs. `send` finds that too.
   * - "invalid": the browser refuses to begin the request (method, URL, a header value outside Latin-1), or a text is not XML.
   * - "blocked": the worker's Content-Security-Policy forbids the URL.
   */
  readonly kind: "network" | "stalled" | "cancelled" | "unreadable" | "silent" | "invalid" | "blocked";
  /** One clause without a full stop. It names a request by method and URL without the query, because signatures are secrets. */
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
  /** Number of bytes that were read. */
  readonly size: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Headers that a page may not set (Host, Content-Length, Date, …) are left out: the browser writes its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** A Blob goes to the network by reference. Its `type` must be "", otherwise the browser adds a Content-Type. */
  readonly body?: Blob | Uint8Array<ArrayBuffer>;
  /**
   * Sends the body as the last field, `file`, of a form (multipart/form-data), behind these fields in their order. Without headers such a
   * POST needs no CORS preflight. Therefore nothing tells how much of the body is sent: progress and stalls show in the answer alone.
   */
  readonly form?: Readonly<Record<string, string>>;
  /**
   * Milliseconds. A request is cut when no byte of its body moves for so long. Before the first byte it may be waiting for a
   * free connection, which no event tells from a dead network; so for the first byte it has four times as long, unless
   * `unseenTimeoutMs` says how long.
   */
  readonly stallTimeoutMs: number;
  /** Milliseconds for the whole request, as long as no event tells of its body: behind a service worker, and of a form, none does. Default: none. */
  readonly unseenTimeoutMs?: number | undefined;
  /** Milliseconds. A request is cut when its body is sent, or it has none, and no byte of the answer comes for so long. */
  readonly answerTimeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. Holds only the headers that the server's CORS rule exposes. */
  readonly headers: Readonly<Record<string, string>>;
  /** True if the answer came from another URL than the request's: after a redirect, or from a service worker's cache. */
  readonly elsewhere: boolean;
  /** True if the request had a body, and no event told that it was sent: behind a service worker none does. */
  readonly unseen?: boolean;
  /** Decoded as UTF-8. An answer of more than 8 MiB is a "network" failure: the service sends none so long. */
  readonly body: string;
  /** Present when the body is well-formed XML, whatever its Content-Type said. */
  readonly xml?: XmlValue;
}

/**
 * A parsed XML document: `<A><B>1</B></A>` is `{ A: [{ B: ["1"] }] }`. A document is a record with one name, its root element.
 * An element without children is its text, unchanged; "" if it is empty. An element with children is a record of lists, also
 * where there is only one child of a name. Attributes, comments, and text beside children are left out.
 */
export type XmlValue = string | { readonly [name: string]: readonly XmlValue[] };
