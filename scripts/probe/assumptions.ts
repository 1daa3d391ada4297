/** Each sentence of ARCHITECTURE.md "Assumed of the real service", and the experiment that tells whether it is true. */
import { randomBytes } from "node:crypto";
import { isUploadError } from "../../packages/core/src/errors.js";
import { etagOf } from "../../packages/core/src/store/oss/proof.js";
import type { Bench } from "./bench.js";
import { codeIn, type Finding, found } from "./finding.js";
import { assumptionsOfForms } from "./forms.js";

/** The least that a part other than the last may have. */
const partSize = 102_400;

export interface Assumption {
  /** Its number in ARCHITECTURE.md. */
  readonly number: number;
  readonly says: string;
  /** What it throws makes it unknown. */
  readonly look: (bench: Bench) => Promise<Finding>;
}

export const assumptions: readonly Assumption[] = [
  { number: 1, says: "a repeated Complete answers NoSuchUpload", look: repeatedComplete },
  { number: 2, says: "while a Complete is merging ListParts lists, or says gone", look: listWhileMerging },
  { number: 3, says: "ListParts returns HashCrc64ecma to browsers", look: listedCrc64 },
  { number: 4, says: "HEAD returns x-oss-hash-crc64ecma, and a CORS rule can expose it", look: headCrc64 },
  { number: 5, says: "Content-MD5 is accepted and checked on UploadPart under V4", look: contentMd5 },
  { number: 6, says: "part ETags are MD5s", look: partETag },
  { number: 7, says: "a content-length that a URL signs binds the body", look: signedLength },
  {
    number: 8,
    says: "parts are answered without a body, aborts with 204, HEAD with a Last-Modified",
    look: goodAnswers,
  },
  { number: 9, says: "a refused signature is answered with CORS headers", look: readableRefusal },
  ...assumptionsOfForms,
];

async function repeatedComplete({ store, call, begin, put }: Bench): Promise<Finding> {
  const upload = await begin();
  const parts = [await put(upload, 1, partSize)];
  await store.complete(upload, parts, {}, call);
  try {
    const again = await store.complete(upload, parts, {}, call);
    return found("differs", `the object again, ETag ${again.etag} (handled as well)`);
  } catch (error) {
    const seen = serviceAnswer(error);
    return found(seen.code === "NoSuchUpload" ? "holds" : "differs", seen.text);
  }
}

async function listWhileMerging({ store, call, begin, put }: Bench): Promise<Finding> {
  const upload = await begin();
  const parts = [await put(upload, 1, partSize), await put(upload, 2, partSize), await put(upload, 3, 1)];
  let merging = true;
  const completed = store.complete(upload, parts, {}, call).finally(() => {
    merging = false;
  });
  const answers = new Set<string>();
  const foreign = new Set<string>();
  const ask = async () => {
    while (merging) {
      try {
        const { length } = await store.listParts(upload, call);
        if (merging) answers.add(`${length} of ${parts.length} parts`);
      } catch (error) {
        const { code, text } = serviceAnswer(error);
        if (code === "NoSuchUpload") answers.add("gone");
        else foreign.add(text);
      }
    }
  };
  await Promise.all([completed, ask()]);
  if (foreign.size > 0) return found("differs", [...foreign].join("; "));
  const known = [...answers].every((answer) => answer === "gone" || answer.startsWith(`${parts.length} of `));
  if (!known) return found("differs", [...answers].join("; "));
  return answers.size > 0
    ? found("holds", [...answers].join("; "))
    : found("unknown", "it merged before it could list");
}

async function listedCrc64({ store, call, begin, put }: Bench): Promise<Finding> {
  const upload = await begin();
  const { crc64, etag } = await put(upload, 1, partSize);
  const [part] = await store.listParts(upload, call);
  if (part?.etag.toUpperCase() !== etag.toUpperCase()) return found("differs", `ETag ${part?.etag} instead of ${etag}`);
  if (part.crc64 === undefined) return found("differs", "the ETag alone, which is enough");
  return found(part.crc64 === crc64 ? "holds" : "differs", `ETag and CRC-64 ${part.crc64}, put was ${crc64}`);
}

async function headCrc64({ store, call, hands, origin, begin, put }: Bench): Promise<Finding> {
  const upload = await begin();
  const part = await put(upload, 1, partSize);
  await store.complete(upload, [part], {}, call);
  const object = await store.head(upload.key, call);
  const headers = hands.last?.headers ?? {};
  if (object?.crc64 === undefined) return found("differs", "no x-oss-hash-crc64ecma");
  if (object.crc64 !== part.crc64) return found("differs", `CRC-64 ${object.crc64}, put was ${part.crc64}`);
  if (headers["access-control-allow-origin"] === undefined) {
    return found("unknown", `the header is there; no CORS rule of the bucket allows ${origin}`);
  }
  const exposed = (headers["access-control-expose-headers"] ?? "").toLowerCase().split(/\s*,\s*/);
  if (!exposed.includes("x-oss-hash-crc64ecma")) return found("unknown", "the bucket's CORS rule does not expose it");
  return found("holds", "the object's CRC-64, exposed");
}

async function contentMd5({ store, call, hands, begin, put }: Bench): Promise<Finding> {
  const upload = await begin();
  await put(upload, 1, partSize);
  const slice = new Blob([randomBytes(partSize)]);
  const digest = await hands.digest(slice, { md5: true, crc64: true }, { signal: call.signal });
  const wrong = { ...digest, md5: Uint8Array.from(randomBytes(16)) };
  try {
    await store.putPart(upload, 2, slice, wrong, call);
    return found("differs", "a part was stored under a Content-MD5 that is not its own");
  } catch (error) {
    const { code, text } = serviceAnswer(error);
    return found(code === "InvalidDigest" ? "holds" : "differs", `the right one accepted; a wrong one: ${text}`);
  }
}

async function partETag({ begin, put }: Bench): Promise<Finding> {
  const part = await put(await begin(), 1, partSize);
  if (part.md5 === undefined) return found("unknown", "the hands gave no MD5");
  const md5 = etagOf(part.md5);
  return found(part.etag.toUpperCase() === md5 ? "holds" : "differs", `ETag ${part.etag}, MD5 ${md5}`);
}

async function signedLength({ putStated }: Bench): Promise<Finding> {
  const right = await putStated(9, 9);
  const longer = await putStated(9, 10);
  const seen = `as stated: ${right.status}; a byte more: ${longer.status}`;
  if (right.status !== 200)
    return found(longer.status === 200 ? "differs" : "unknown", `${seen}; ${codeIn(right.body)}`);
  return found(longer.status === 403 ? "holds" : "differs", `${seen} ${codeIn(longer.body)}`);
}

/** The verbs believe no other answers, so what is looked at is what they were given when they failed, too. */
async function goodAnswers({ store, call, hands, begin, put }: Bench): Promise<Finding> {
  const upload = await begin();
  const part = await put(upload, 1, partSize);
  const ofPart = `part ${hands.last?.status} with ${hands.last?.body.length} bytes`;
  await store.complete(upload, [part], {}, call);
  await store.head(upload.key, call);
  const date = hands.last?.headers["last-modified"];
  await store.abort(await begin(), call);
  const seen = `${ofPart}; HEAD ${date ?? "without a date"}; abort ${hands.last?.status}`;
  return found(date !== undefined && hands.last?.status === 204 ? "holds" : "differs", seen);
}

/** Where it is not, a page sees a dead network, and asks the time by an unsigned request. */
async function readableRefusal({ begin, initiateUnknown }: Bench): Promise<Finding> {
  // A request that is taken shows that it is the key that is refused.
  await begin();
  const { status, headers, body } = await initiateUnknown();
  if (status !== 403) return found("unknown", `${status} ${codeIn(body)} instead of a refusal`);
  const allowed = headers["access-control-allow-origin"];
  const seen = `403 ${codeIn(body)}, ${allowed === undefined ? "no CORS header" : `CORS for ${allowed}`}`;
  return found(allowed === undefined ? "differs" : "holds", `${seen} (either is handled)`);
}

/** What the service said; an error that never reached it is thrown on, because it tells nothing about the service. */
function serviceAnswer(error: unknown): { readonly code: string | undefined; readonly text: string } {
  if (!isUploadError(error) || error.status === undefined) throw error;
  return { code: error.serverCode, text: `${error.status} ${error.serverCode ?? error.code}` };
}
