/** Forms for PostObject, made by the letter of the documents and not by the emulator's own functions. */
import { createHmac } from "node:crypto";
import type { Emulator } from "../src/index.js";
import { defaultAccount } from "../src/index.js";
import { type Credentials, type Reply, send } from "./signed-client.js";

export type Fields = readonly (readonly [name: string, value: string])[];

export interface Post {
  /** Default: "k". */
  readonly key?: string;
  readonly file?: Buffer | string;
  readonly fileName?: string;
  readonly fileType?: string;
  /** Fields beside the key and those of the signature. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Beside those of the signature. Default: the bucket and the key. */
  readonly conditions?: readonly unknown[];
  readonly credentials?: Credentials;
  /** Milliseconds since the epoch. Default: now. */
  readonly time?: number;
  /** Default: a minute after `time`. */
  readonly expiration?: unknown;
  readonly region?: string;
  /** Spoils the fields that are ready to be sent. */
  readonly spoil?: (fields: Fields) => Fields;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: "/demo/" */
  readonly path?: string;
}

const boundary = "----formBoundary7MA4YWxkTrZu0gW";
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** All fields but the file. */
export function formFields(post: Post): Fields {
  const { key = "k", fields = {}, time = Date.now(), region = "cn-hangzhou" } = post;
  const { conditions = [{ bucket: "demo" }, ["eq", "$key", key]] } = post;
  const date = new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const expiration = "expiration" in post ? post.expiration : new Date(time + 60_000).toISOString();
  const { accessKeyId, accessKeySecret, securityToken }: Credentials = post.credentials ?? defaultAccount;
  const ofSignature = {
    "x-oss-signature-version": "OSS4-HMAC-SHA256",
    "x-oss-credential": `${accessKeyId}/${day}/${region}/oss/aliyun_v4_request`,
    "x-oss-date": date,
    ...(securityToken === undefined ? {} : { "x-oss-security-token": securityToken }),
  };
  const named = Object.entries(ofSignature).map(([name, value]) => ({ [name]: value }));
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: [...conditions, ...named] })).toString("base64");
  const dated = hmac(hmac(`aliyun_v4${accessKeySecret}`, day), region);
  const signature = hmac(hmac(hmac(dated, "oss"), "aliyun_v4_request"), policy).toString("hex");
  const all = { key, ...fields, policy, ...ofSignature, "x-oss-signature": signature };
  const ready: Fields = Object.entries(all);
  return post.spoil?.(ready) ?? ready;
}

export function partOf(name: string, value: string | Buffer, more = ""): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from("\r\n")]);
}

export const end = Buffer.from(`--${boundary}--\r\n`);

/** The body, as a browser would write it. */
export function formBody(post: Post): Buffer {
  const { file = "", fileName = "blob", fileType = "application/octet-stream" } = post;
  const head = `; filename="${fileName}"\r\nContent-Type: ${fileType}`;
  return Buffer.concat([
    ...formFields(post).map(([name, value]) => partOf(name, value)),
    partOf("file", file, head),
    end,
  ]);
}

/** Sends a body as a form. */
export function sendForm(
  emulator: Pick<Emulator, "port">,
  body: Buffer,
  { headers, path = "/demo/" }: Post = {},
): Promise<Reply> {
  const all = {
    "content-type": `multipart/form-data; boundary=${boundary}`,
    "content-length": String(body.length),
    ...headers,
  };
  return send(emulator.port, { method: "POST", path, headers: all }, body);
}

export function post(emulator: Pick<Emulator, "port">, what: Post): Promise<Reply> {
  return sendForm(emulator, formBody(what), what);
}

/** Replaces, adds or (undefined) leaves out a field. */
export function withField(name: string, value: string | undefined): (fields: Fields) => Fields {
  return (fields) => [
    ...fields.filter(([other]) => other !== name),
    ...(value === undefined ? [] : [[name, value] as const]),
  ];
}
