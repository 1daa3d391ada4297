/** Writes a form as browsers do, and as they do not: with headers of one's own in the file's part. */
import { randomBytes } from "node:crypto";

export interface FormToSend {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: Uint8Array;
  /** Headers of the file's part, beside its own. */
  readonly partHeaders?: Readonly<Record<string, string>>;
}

export function writeForm({ fields, file, partHeaders = {} }: FormToSend): { contentType: string; body: Blob } {
  const boundary = `ossicle-probe-${randomBytes(12).toString("hex")}`;
  const lines = Object.entries({ "Content-Type": "application/octet-stream", ...partHeaders });
  const part = (disposition: string, more = "") =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n`;
  const pieces = [
    ...Object.entries(fields).map(([name, value]) => `${part(`name="${name}"`)}${value}\r\n`),
    part('name="file"; filename="blob"', lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")),
    Uint8Array.from(file),
    `\r\n--${boundary}--\r\n`,
  ];
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: new Blob(pieces) };
}
