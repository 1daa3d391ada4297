/** What is assumed of PostObject, and the experiments. */
import { etagOf } from "../../packages/core/src/store/oss/proof.js";
import type { HttpResponse } from "../../packages/core/src/workers/byte-workers.js";
import type { Assumption } from "./assumptions.js";
import type { Bench, PostedForm } from "./bench.js";
import { codeIn, type Finding, found } from "./finding.js";

export const assumptionsOfForms: readonly Assumption[] = [
  { number: 10, says: "a policy can keep fields of a form away", look: fieldsKeptAway },
  { number: 11, says: "PostObject answers with the MD5 as ETag, and with the CRC-64", look: formAnswer },
  { number: 12, says: "a form has no field Content-MD5", look: md5OfForm },
  { number: 13, says: "x-oss-forbid-overwrite is a field of forms", look: forbiddenByField },
  { number: 14, says: "a CORS rule without POST hides the answer to a form", look: ruleWithoutPost },
];

function outcome({ status, body }: HttpResponse): string {
  return status === 200 ? "200" : `${status} ${codeIn(body)}`;
}

/** @throws Error if no form is taken at all, which makes everything about forms unknown */
async function takenForm({ postForm }: Bench): Promise<PostedForm> {
  const posted = await postForm({});
  if (posted.answer.status !== 200) throw new Error(`no form is taken: ${outcome(posted.answer)}`);
  return posted;
}

/** The server half stands on it: without a key, nobody may add an ACL or a callback to a form that was signed for him. */
async function fieldsKeptAway(bench: Bench): Promise<Finding> {
  const { postForm } = bench;
  await takenForm(bench);
  const taken = (await postForm({ isClosed: true })).answer;
  const added = (await postForm({ isClosed: true, fields: { "x-oss-object-acl": "private" } })).answer;
  const unnamed = (await postForm({ fields: { "x-oss-meta-a": "b" } })).answer;
  const seen = `without them: ${outcome(taken)}; with one: ${outcome(added)}; one that no condition names: ${outcome(unnamed)}`;
  return found(taken.status === 200 && added.status === 403 ? "holds" : "differs", seen);
}

async function formAnswer(bench: Bench): Promise<Finding> {
  const { answer, digest } = await takenForm(bench);
  if (digest.md5 === undefined) return found("unknown", "the hands gave no MD5");
  const { etag = "", "x-oss-hash-crc64ecma": crc64, ...others } = answer.headers;
  const isMd5 = etag.replaceAll('"', "").toUpperCase() === etagOf(digest.md5);
  const allowed = others["access-control-allow-origin"] === undefined ? `no CORS rule for ${bench.origin}` : "CORS";
  const seen = `ETag ${isMd5 ? "the MD5" : etag}; CRC-64 ${crc64 ?? "none"}; ${answer.body.length} bytes; ${allowed}`;
  const isRight = isMd5 && (crc64 === undefined || crc64 === String(digest.crc64)) && answer.body === "";
  return found(isRight && crc64 !== undefined ? "holds" : "differs", seen);
}

async function md5OfForm(bench: Bench): Promise<Finding> {
  const { postForm } = bench;
  await takenForm(bench);
  const wrong = { "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==" };
  const field = (await postForm({ fields: wrong })).answer;
  const part = (await postForm({ partHeaders: wrong })).answer;
  const request = (await postForm({ headers: wrong })).answer;
  const seen = `a wrong one as a field: ${outcome(field)}; of the file's part: ${outcome(part)}; of the request: ${outcome(request)}`;
  return found(field.status === 200 ? "holds" : "differs", seen);
}

async function forbiddenByField(bench: Bench): Promise<Finding> {
  const { postForm } = bench;
  await takenForm(bench);
  const fields = { "x-oss-forbid-overwrite": "true" };
  const first = await postForm({ fields });
  const second = (await postForm({ fields, key: first.key })).answer;
  const seen = `new: ${outcome(first.answer)}; again: ${outcome(second)}`;
  return found(first.answer.status === 200 && second.status === 409 ? "holds" : "differs", seen);
}

async function ruleWithoutPost(bench: Bench): Promise<Finding> {
  const { preflight, origin } = bench;
  if ((await preflight("POST")).status === 200) return found("unknown", "the bucket's CORS rule names POST");
  if ((await preflight("PUT")).status !== 200) return found("unknown", `no CORS rule of the bucket allows ${origin}`);
  const { answer } = await takenForm(bench);
  const allowed = answer.headers["access-control-allow-origin"];
  const seen = `${outcome(answer)}, ${allowed === undefined ? "no CORS header" : `CORS for ${allowed}`}`;
  return found(allowed === undefined ? "holds" : "differs", seen);
}
