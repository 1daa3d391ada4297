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

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError(`${name} is no object`);
}

/** @param types by field; `?` marks one that may be missing */
function check(value: unknown, name: string, types: Readonly<Record<string, string>>): Fields {
  const fields = fieldsOf(value, name);
  for (const [field, type] of Object.entries(types)) {
    const isMissing = type.endsWith("?") && fields[field] === undefined;
    if (!isMissing && typeof fields[field] !== type.replace("?", ""))
      throw new TypeError(`${name}.${field} is no ${type}`);
  }
  return fields;
}

function checkBody(value: unknown, name: string): void {
  const { id } = check(value, name, { id: "string", size: "number" });
  // It becomes a path.
  if (!/^[0-9a-f-]{36}$/.test(String(id))) throw new TypeError(`${name}.id is no file name of the emulator's`);
}

function checkTraits(value: unknown, name: string): void {
  const { headers, encryption } = check(value, name, { storageClass: "string", acl: "string", tagging: "string" });
  for (const [field, texts] of Object.entries({ headers, encryption })) {
    const isText = Object.values(fieldsOf(texts, `${name}.${field}`)).every((text) => typeof text === "string");
    if (!isText) throw new TypeError(`${name}.${field} has a value that is no string`);
  }
}

/** Reads an object's manifest. @throws Error that says what is wrong with it */
export function parseObject(text: string): StoredObject {
  const object: unknown = JSON.parse(text);
  const { bodies } = check(object, "object", {
    key: "string",
    size: "number",
    etag: "string",
    crc64: "string?",
    md5: "string?",
    type: "string",
    lastModified: "number",
    uploadId: "string?",
  });
  checkTraits(object, "object");
  if (!Array.isArray(bodies)) throw new TypeError("object.bodies is no list");
  for (const body of bodies) checkBody(body, "object.bodies[]");
  return object as StoredObject;
}

function parseHead(line: string): UploadHead {
  const head: unknown = JSON.parse(line);
  const { traits } = check(head, "upload", {
    uploadId: "string",
    key: "string",
    initiated: "number",
    forbidOverwrite: "boolean",
    sequential: "boolean",
  });
  checkTraits(traits, "upload.traits");
  return head as UploadHead;
}

function parsePart(line: string): StoredPart {
  const part: unknown = JSON.parse(line);
  const { body } = check(part, "part", {
    partNumber: "number",
    size: "number",
    etag: "string",
    crc64: "string?",
    lastModified: "number",
  });
  checkBody(body, "part.body");
  return part as StoredPart;
}

/**
 * Reads an upload's journal: the head, then one line a stored part, later lines replacing earlier ones.
 *
 * @returns undefined when not even the head is whole; `isTorn` when the last line is not (the writer was killed)
 * @throws Error that says what is wrong with a whole line
 */
export function parseJournal(text: string): { head: UploadHead; parts: StoredPart[]; isTorn: boolean } | undefined {
  const lines = text.split("\n");
  const isTorn = lines.pop() !== "";
  const [first, ...rest] = lines;
  if (first === undefined) return undefined;
  return { head: parseHead(first), parts: rest.map(parsePart), isTorn };
}
