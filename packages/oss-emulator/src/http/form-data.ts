/** Reads a body of multipart/form-data: its fields into memory, its file as a stream. Strict, as browsers write it. */
import { refusal } from "../oss-error.js";

/** A form whose fields have been read. */
export interface Form {
  /** Names in lower case, since the service does not tell cases apart. */
  readonly fields: ReadonlyMap<string, string>;
  /** "" if the part has none. */
  readonly fileName: string;
  /** The Content-Type of the file part; undefined if it has none. */
  readonly fileType: string | undefined;
  /** The bytes of `file`, the last field. @throws OssError `MalformedPOSTRequest` if anything follows it, or the form breaks off */
  readonly file: AsyncGenerator<Buffer>;
}

// Room for a policy, a token, a callback and 8 KB of metadata, each of which the policy repeats.
const maxFieldBytes = 64 * 1024;

function malformed(what: string): ReturnType<typeof refusal> {
  const message = `The body of your POST request is not well-formed multipart/form-data: ${what}.`;
  return refusal("MalformedPOSTRequest", { message });
}

function boundaryOf(contentType: string | undefined): string {
  const given = /^multipart\/form-data;\s*boundary=(?:"([^"]*)"|([^\s;"]*))$/i.exec(contentType ?? "");
  const boundary = given?.[1] ?? given?.[2] ?? "";
  if (/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) return boundary;
  throw malformed("the header Content-Type names no boundary");
}

/** Takes a stream of bytes apart at markers. */
class Cutter {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer;

  constructor(first: Buffer, pieces: AsyncIterator<Buffer>) {
    this.#rest = first;
    this.#pieces = pieces;
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#pieces.next();
    if (done === true) return false;
    this.#rest = Buffer.concat([this.#rest, value]);
    return true;
  }

  /** Yields the bytes before the marker, and goes past it. @throws OssError if there is no marker */
  async *before(marker: string): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#rest.indexOf(marker);
      // The marker may have begun at the end of what is here.
      const safe = at >= 0 ? at : Math.max(0, this.#rest.length - marker.length + 1);
      const bytes = this.#rest.subarray(0, safe);
      this.#rest = this.#rest.subarray(at >= 0 ? at + marker.length : safe);
      if (bytes.length > 0) yield bytes;
      if (at >= 0) return;
      if (!(await this.#more())) throw malformed("it breaks off");
    }
  }

  async textBefore(marker: string, maxBytes: number): Promise<string> {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const bytes of this.before(marker)) {
      size += bytes.length;
      if (size > maxBytes) throw malformed("its fields are too large");
      pieces.push(bytes);
    }
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
    } catch {
      throw malformed("a field is not UTF-8");
    }
  }

  /** @returns fewer only at the end */
  async take(count: number): Promise<string> {
    while (this.#rest.length < count && (await this.#more())) {}
    const taken = this.#rest.subarray(0, count).toString("latin1");
    this.#rest = this.#rest.subarray(count);
    return taken;
  }
}

interface PartHead {
  readonly name: string;
  readonly fileName: string;
  readonly type: string | undefined;
}

/** Browsers write a quote and line breaks in a name as %22, %0D and %0A. */
function unquoted(text: string): string {
  return text.replace(/%(22|0D|0A)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function headOf(text: string): PartHead {
  const lines = text.split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const headers = new Map(lines);
  const known = lines.every(([name]) => name === "content-disposition" || name === "content-type");
  if (!known || headers.size < lines.length) throw malformed("a part has other headers than it may have");
  const disposition = /^form-data; name="([^"\r\n]+)"(?:; filename="([^"\r\n]*)")?$/.exec(
    headers.get("content-disposition") ?? "",
  );
  if (disposition === null) throw malformed("a part has no name");
  const [, name = "", fileName = ""] = disposition;
  return { name: unquoted(name), fileName: unquoted(fileName), type: headers.get("content-type") };
}

async function* fileOf(cutter: Cutter, delimiter: string): AsyncGenerator<Buffer> {
  yield* cutter.before(delimiter);
  const end = await cutter.take(5);
  if (end !== "--" && end !== "--\r\n") throw malformed("something follows the field file, which must be the last");
}

/**
 * Reads the fields. The caller then reads `file` to its end.
 *
 * @param pieces the whole body. It is not closed here
 * @throws OssError `MalformedPOSTRequest`
 */
export async function openForm(contentType: string | undefined, pieces: AsyncIterator<Buffer>): Promise<Form> {
  const delimiter = `\r\n--${boundaryOf(contentType)}`;
  // The first delimiter has no line break before it.
  const cutter = new Cutter(Buffer.from("\r\n"), pieces);
  let room = maxFieldBytes;
  const taken = async (marker: string): Promise<string> => {
    const text = await cutter.textBefore(marker, room);
    room -= Buffer.byteLength(text);
    return text;
  };
  if ((await taken(delimiter)) !== "") throw malformed("it does not begin with the boundary");
  const fields = new Map<string, string>();
  for (;;) {
    const next = await cutter.take(2);
    if (next === "--") throw malformed("it has no field file");
    if (next !== "\r\n") throw malformed("a boundary is followed by other characters");
    const head = headOf(await taken("\r\n\r\n"));
    const name = head.name.toLowerCase();
    if (name === "file") {
      return { fields, fileName: head.fileName, fileType: head.type, file: fileOf(cutter, delimiter) };
    }
    if (fields.has(name)) throw malformed(`the field ${name} comes twice`);
    fields.set(name, await taken(delimiter));
  }
}
