/** The records of objects, uploads and parts on disk, which are JSON, and how they are read back. */

/** A file of bytes. `id` is its name. */
export interface BodyRef {
  readonly id: string;
  readonly size: number;
}

export type Acl = "default" | "private" | "public-read" | "public-read-write";

/** What a client says about an object in PutObject or InitiateMultipartUpload, kept as it was sent. */
export interface ObjectTraits {
  /** Headers that GET and HEAD give back, names in lower case: content-type, cache-control, x-oss-meta-…. */
  readonly headers: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly acl: Acl;
  /** As sent in `x-oss-tagging`; "" for none. */
  readonly tagging: string;
  /** The `x-oss-server-side-…` headers, which answers repeat. */
  readonly encryption: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectTraits {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Unsigned decimal. Undefined if the sink does not hash. */
  readonly crc64?: string;
  /** Base64. Undefined for an object made of parts, or if the sink does not hash and the client sent no Content-MD5. */
  readonly md5?: string;
  readonly type: "Normal" | "Multipart";
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** The upload that made it. Undefined after PutObject. */
  readonly uploadId?: string;
  readonly bodies: readonly BodyRef[];
}

export interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  /** Without quotes, upper case. */
  readonly etag: string;
  /** Unsigned decimal. Undefined if the sink does not hash. */
  readonly crc64?: string;
  readonly lastModified: number;
  readonly body: BodyRef;
}

/** The first line of an upload's journal. */
export interface UploadRecord {
  readonly uploadId: string;
  readonly key: string;
  readonly initiated: number;
  readonly traits: ObjectTraits;
  readonly forbidOverwrite: boolean;
  readonly sequential: boolean;
}

export interface StoredUpload extends UploadRecord {
  readonly parts: ReadonlyMap<number, StoredPart>;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError(`${name} is not an object`);
}

/** @param types the type of each field; `?` marks a field that may be missing */
function check(value: unknown, name: string, types: Readonly<Record<string, string>>): Fields {
  const fields = fieldsOf(value, name);
  for (const [field, type] of Object.entries(types)) {
    const isMissing = type.endsWith("?") && fields[field] === undefined;
    if (!isMissing && typeof fields[field] !== type.replace("?", ""))
      throw new TypeError(`${name}.${field} is not a ${type.replace("?", "")}`);
  }
  return fields;
}

function checkBody(value: unknown, name: string): void {
  const { id } = check(value, name, { id: "string", size: "number" });
  // The id becomes a path, so it must not lead out of the directory.
  if (!/^[0-9a-f-]{36}$/.test(String(id))) throw new TypeError(`${name}.id is not a file name of the emulator`);
}

function checkTraits(value: unknown, name: string): void {
  const { headers, encryption } = check(value, name, { storageClass: "string", acl: "string", tagging: "string" });
  for (const [field, texts] of Object.entries({ headers, encryption })) {
    const isText = Object.values(fieldsOf(texts, `${name}.${field}`)).every((text) => typeof text === "string");
    if (!isText) throw new TypeError(`${name}.${field} has a value that is not a string`);
  }
}

/** Reads an object's manifest. @throws Error that says what is wrong */
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
  if (!Array.isArray(bodies)) throw new TypeError("object.bodies is not a list");
  for (const body of bodies) checkBody(body, "object.bodies[]");
  return object as StoredObject;
}

function parseUpload(line: string): UploadRecord {
  const upload: unknown = JSON.parse(line);
  const { traits } = check(upload, "upload", {
    uploadId: "string",
    key: "string",
    initiated: "number",
    forbidOverwrite: "boolean",
    sequential: "boolean",
  });
  checkTraits(traits, "upload.traits");
  return upload as UploadRecord;
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
 * Reads an upload's journal: a line for the upload, then a line for each stored part. A later line of a part replaces an earlier one.
 *
 * @returns undefined if the first line is incomplete; `isTorn`: the last line is, because the emulator was killed
 * @throws Error that says what is wrong with a complete line
 */
export function parseJournal(text: string): { upload: UploadRecord; parts: StoredPart[]; isTorn: boolean } | undefined {
  const lines = text.split("\n");
  const isTorn = lines.pop() !== "";
  const [first, ...rest] = lines;
  if (first === undefined) return undefined;
  return { upload: parseUpload(first), parts: rest.map(parsePart), isTorn };
}
