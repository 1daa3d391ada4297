/** Unfinished uploads of a bucket, and how much each holds, page by page. */
import { type Answer, type Ask, element, refusal } from "./ask.js";

/** A multipart upload that was neither completed nor aborted. */
export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Milliseconds since the epoch, by the service's clock. */
  readonly initiatedMs: number;
}

interface Page {
  readonly uploads: readonly UnfinishedUpload[];
  readonly next: Readonly<Record<string, string>> | undefined;
}

/** @param pageSize 1–1000 @throws Error if the service does not list them, or lists what cannot be understood */
export async function* unfinishedUploads(
  ask: Ask,
  bucket: string,
  prefix: string,
  pageSize = 1000,
): AsyncGenerator<UnfinishedUpload> {
  let markers: Page["next"] = {};
  while (markers !== undefined) {
    const query: Record<string, string> = {
      uploads: "",
      "encoding-type": "url",
      "max-uploads": String(pageSize),
      ...markers,
    };
    if (prefix !== "") query.prefix = prefix;
    const answer = await ask({ method: "GET", key: "", query });
    if (answer.status !== 200) throw refusal("ListMultipartUploads", "oss:ListMultipartUploads", answer);
    const page = readPage(answer, bucket);
    yield* page.uploads;
    if (page.next !== undefined && JSON.stringify(page.next) === JSON.stringify(markers)) throw odd("does not advance");
    markers = page.next;
  }
}

/** Strict: what is misread here could be aborted. */
function readPage({ body }: Answer, bucket: string): Page {
  const [, content] = /<ListMultipartUploadsResult[^>]*>([\s\S]*)<\/ListMultipartUploadsResult>\s*$/.exec(body) ?? [];
  if (content === undefined) throw odd("is no list of uploads");
  if (element(content, "Bucket") !== bucket) throw odd(`is of the bucket ${element(content, "Bucket")}`);
  if (element(content, "EncodingType") !== "url") throw odd("has keys that are not encoded");
  const found = [...content.matchAll(/<Upload>([\s\S]*?)<\/Upload>/g)].map(([, upload = ""]) => readUpload(upload));
  if (found.length !== content.split("<Upload>").length - 1) throw odd("is broken");
  const isTruncated = element(content, "IsTruncated");
  if (isTruncated === "false") return { uploads: found, next: undefined };
  const key = element(content, "NextKeyMarker");
  if (isTruncated !== "true" || !key) throw odd("does not say how it goes on");
  const id = element(content, "NextUploadIdMarker");
  return { uploads: found, next: { "key-marker": decoded(key), ...(id ? { "upload-id-marker": id } : {}) } };
}

function readUpload(xml: string): UnfinishedUpload {
  const [key, uploadId, initiated] = ["Key", "UploadId", "Initiated"].map((name) => element(xml, name));
  const initiatedMs = Date.parse(initiated ?? "");
  if (!key || !uploadId || Number.isNaN(initiatedMs)) throw odd("has an upload without key, id or date");
  return { key: decoded(key), uploadId, initiatedMs };
}

/** @returns bytes; undefined if the key may not ask, or the upload is gone @throws Error */
export async function storedBytes(ask: Ask, { key, uploadId }: UnfinishedUpload): Promise<number | undefined> {
  let total = 0;
  let marker = 0;
  for (;;) {
    const query = { uploadId, "max-parts": "1000", "part-number-marker": String(marker) };
    const answer = await ask({ method: "GET", key, query });
    if (answer.status === 403 || answer.code === "NoSuchUpload") return undefined;
    if (answer.status !== 200) throw refusal("ListParts", "oss:ListParts", answer);
    for (const [, size] of answer.body.matchAll(/<Size>(\d{1,15})<\/Size>/g)) total += Number(size);
    if (element(answer.body, "IsTruncated") !== "true") return total;
    const next = Number(element(answer.body, "NextPartNumberMarker"));
    if (!(next > marker)) throw odd("does not advance");
    marker = next;
  }
}

/** A "+" that is not encoded can only mean a blank. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    throw odd("has a key that is no UTF-8");
  }
}

function odd(what: string): Error {
  return new Error(`The answer to the listing ${what}: is the endpoint right?`);
}
