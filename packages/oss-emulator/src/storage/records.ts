/** What the disk holds of objects, uploads and parts; how a record of an earlier run is read back. Plain JSON. */

/** A file of bytes: where they lie and how many. */
export interface BodyRef {
  readonly id: string;
  readonly size: number;
}

export type Acl = "default" | "private" | "public-read" | "public-read-write";

/** What a client may say about an object when it begins: kept as it was sent. */
export interface ObjectTraits {
  /** Headers that GET and HEAD give back as they came, lower case: content-type, cache-control, x-oss-meta-… */
  readonly headers: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly acl: Acl;
  /** Tags as sent in `x-oss-tagging`; "" for none. */
  readonly tagging: string;
  /** `x-oss-server-side-…` headers that the answers echo. */
  readonly encryption: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectTraits {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unsigned decimal; undefined where hashing is off. */
  readonly crc64?: string;
  /** Base64; PutObject and sequential uploads alone have one. */
  readonly md5?: string;
  readonly type: "Normal" | "Multipart";
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** The upload it came from. */
  readonly uploadId?: string;
  readonly bodies: readonly BodyRef[];
}

export interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  /** Without quotes, upper case. */
  readonly etag: string;
  /** Unsigned decimal; undefined where hashing is off. */
  readonly crc64?: string;
  readonly lastModified: number;
  readonly body: BodyRef;
}

/** The first line of an upload's journal. */
export interface UploadHead {
  readonly uploadId: string;
  readonly key: string;
  readonly initiated: number;
  readonly traits: ObjectTraits;
  readonly forbidOverwrite: boolean;
  readonly sequential: boolean;
}

export interface StoredUpload extends UploadHead {
  readonly parts: ReadonlyMap<number, StoredPart>;
}

/**
 * Reads an upload's journal: the head, then one line a stored part, later lines replacing earlier ones.
 *
 * @returns undefined when not even the head is whole; `isTorn` when the last line is not (the writer was killed)
 */
export function parseJournal(text: string): { head: UploadHead; parts: StoredPart[]; isTorn: boolean } | undefined {
  const lines = text.split("\n");
  const isTorn = lines.pop() !== "";
  const [first, ...rest] = lines;
  if (first === undefined) return undefined;
  return {
    head: JSON.parse(first) as UploadHead,
    parts: rest.map((line) => JSON.parse(line) as StoredPart),
    isTorn,
  };
}
