/** Says in words what the answers to the probe mean. Pure. */

import type { DiagnosisCheck } from "../../api/diagnosis.js";
import type { StoreAction } from "../../api/trace.js";
import type { UploadError } from "../../errors.js";
import type { HttpResponse } from "../../workers/byte-workers.js";
import type { MultipartUpload } from "../object-store.js";
import type { BucketRequest } from "./bucket-request.js";
import type { Dialect } from "./dialect.js";

/** One request and what came of it. */
export interface Attempt {
  readonly request: Pick<BucketRequest, "action" | "method">;
  /** undefined if the page could read no answer. */
  readonly response: HttpResponse | undefined;
  readonly error: UploadError | undefined;
}

export interface Probed {
  readonly attempts: readonly Attempt[];
  readonly bucket: string;
  /** Milliseconds by which the service is ahead of the page; undefined if no answer told it. */
  readonly offsetMs: number | undefined;
  /** The probe's own upload, if it could not be aborted. */
  readonly remains: MultipartUpload | undefined;
  readonly online: boolean;
  /** True if the page could read the answer to an unsigned request, although it could read no answer to a signed one. */
  readonly unsignedAnswered: boolean;
  readonly dialect: Dialect;
  readonly wantedHeaders: readonly WantedHeader[];
}

/** A header that the page should be able to read. */
export interface WantedHeader {
  readonly header: string;
  /** What is worse without it, for messages. */
  readonly loss: string;
  readonly isIn: "every answer" | "stored part" | "refused HEAD";
  /** Does it prove what is stored? If all such headers are hidden, nothing does. */
  readonly proves?: boolean;
}

type Finding = Omit<DiagnosisCheck, "name">;

export function findings(probed: Probed): readonly DiagnosisCheck[] {
  return [
    { name: "credentials", ...credentials(probed) },
    { name: "cors", ...cors(probed) },
    { name: "exposed-headers", ...exposed(probed) },
    { name: "caches", ...caches(probed) },
    { name: "clock", ...clock(probed) },
    { name: "permissions", ...permissions(probed) },
  ];
}

function credentials({ attempts }: Probed): Finding {
  const refused = attempts.find(({ error }) => error?.code === "credentials")?.error;
  if (refused !== undefined) return inItsWords("failed", refused);
  if (attempts.some((attempt) => isGranted(attempt) || isForbidden(attempt))) {
    return { status: "ok", detail: "The service took the signature." };
  }
  return { status: "skipped", detail: "No answer was seen that depends on the signature." };
}

function cors({ attempts, bucket, online, unsignedAnswered, dialect }: Probed): Finding {
  const refusedHere = attempts.find(
    ({ response, error }) => response === undefined && /^(misconfigured|invalid-option)$/.test(error?.code ?? ""),
  );
  if (refusedHere?.error !== undefined) return inItsWords("failed", refusedHere.error);
  const methods = (chosen: readonly Attempt[]) => listed(new Set(chosen.map(({ request }) => request.method)));
  const answered = attempts.filter(({ response }) => response !== undefined);
  const lost = attempts.filter(({ response, error }) => response === undefined && error?.code === "network");
  const silent = attempts.find(({ response, error }) => response === undefined && error?.code === "stalled");
  const origin = globalThis.location?.origin ?? "this page";
  if (lost.length > 0 && !online) {
    const detail = `${methods(lost)} requests got no answer: the browser says that it is offline.`;
    return { status: "failed", detail, hint: "Diagnose again when the page is online." };
  }
  if (lost.length > 0 && answered.length === 0 && unsignedAnswered) {
    const detail = `An unsigned request of ${origin} was answered, signed ones got no answer that it may read (${methods(lost)}).`;
    const clockOrKey = "Some services refuse a wrong clock, key or signature in a way that no page may read: look at";
    return {
      status: "failed",
      detail,
      hint: `${clockOrKey} \`clock\` below, and at what \`credentials\` or \`signer\` gives. If they are right, the ${ruleHint(dialect, "bucket's")}`,
    };
  }
  if (lost.length > 0 && answered.length === 0) {
    const detail = `Requests of ${origin} got no answer that it may read (${methods(lost)}), although the browser says that it is online.`;
    return {
      status: "failed",
      detail,
      hint: ruleHint(dialect, `Is there a bucket "${bucket}" at this endpoint? Then its`),
    };
  }
  if (lost.length > 0) {
    const detail = `${methods(answered)} requests of ${origin} were answered, ${methods(lost)} never got through.`;
    return { status: "failed", detail, hint: ruleHint(dialect, "The bucket's") };
  }
  if (silent?.error !== undefined) return inItsWords("failed", silent.error);
  if (answered.length === 0) return { status: "skipped", detail: "No request was made." };
  return { status: "ok", detail: `${methods(answered)} requests of ${origin} were answered.` };
}

/** Which answers should have the header. */
const isIn: Readonly<Record<WantedHeader["isIn"], (attempt: Attempt) => boolean>> = {
  "every answer": () => true,
  "stored part": ({ request, error }) => request.action === "UploadPart" && error === undefined,
  "refused HEAD": ({ request, response }) =>
    request.action === "HeadObject" && response !== undefined && response.status >= 400,
};

function exposed({ attempts, dialect, wantedHeaders }: Probed): Finding {
  const answered = attempts.filter(({ response }) => response !== undefined);
  const expected = wantedHeaders.filter((wanted) => answered.some(isIn[wanted.isIn]));
  if (expected.length === 0) return { status: "skipped", detail: "There was no answer to look at." };
  const names = (headers: readonly WantedHeader[]) => listed(headers.map(({ header }) => header));
  const hidden = expected.filter(
    ({ header, isIn: kind }) =>
      !answered.filter(isIn[kind]).some(({ response }) => response?.headers[header.toLowerCase()]),
  );
  if (hidden.length === 0) return { status: "ok", detail: `The page can read ${names(expected)}.` };
  const nothingProves = wantedHeaders.every((wanted) => !wanted.proves || hidden.includes(wanted));
  const losses = hidden.map(({ header, loss }) => `${header} (${loss})`).join(", ");
  return {
    status: nothingProves ? "failed" : "warning",
    detail: `The page cannot read ${losses}.`,
    hint: ruleHint(dialect, "ExposeHeader takes no wildcard. The bucket's"),
  };
}

/** Only caches write `Age`. A page can read it if the CORS rule exposes it. */
function caches({ attempts }: Probed): Finding {
  const answered = attempts.filter(({ response }) => response !== undefined);
  if (answered.length === 0) return { status: "skipped", detail: "There was no answer to look at." };
  const cached = answered.find(({ response }) => response?.headers.age !== undefined);
  if (cached === undefined) return { status: "ok", detail: "No answer says that a cache gave it." };
  return {
    status: "warning",
    detail: `${cached.request.action} was answered by a cache before the bucket (Age: ${cached.response?.headers.age}).`,
    hint: "What HEAD and ListParts say must be the bucket's own word: exempt HEAD, and every request with uploadId in its query, from what the CDN keeps.",
  };
}

const noticeableMs = 60_000;

function clock({ attempts, offsetMs }: Probed): Finding {
  if (offsetMs === undefined) {
    const why = attempts.some(({ response }) => response !== undefined)
      ? "The page cannot read the Date of an answer."
      : "There was no answer to compare it with.";
    return { status: "skipped", detail: why };
  }
  if (Math.abs(offsetMs) <= noticeableMs) {
    return { status: "ok", detail: "The page's clock agrees with the service's to the minute." };
  }
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  return {
    status: "warning",
    detail: `The page's clock is ${minutes} ${minutes === 1 ? "minute" : "minutes"} ${offsetMs > 0 ? "behind" : "ahead of"} the service's.`,
    hint: "Uploads correct themselves by what the service says; set the clock of this device.",
  };
}

/** What is worse without the right to make a call. */
const losses: Partial<Record<StoreAction, string>> = {
  ListParts: "a part whose record was lost with its page is sent again",
  HeadObject: "an upload that completed unheard begins anew",
  AbortMultipartUpload: "cancel() and discard() cannot free what was stored",
};

function permissions({ attempts, bucket, remains, dialect }: Probed): Finding {
  const permissionFor = dialect.permissions;
  const writing = attempts.filter(({ request }) => permissionFor[request.action] === permissionFor.PutObject);
  const refused = writing.find(isForbidden) ?? writing.find(({ response, error }) => error && response);
  const begun = writing.some(isGranted);
  const left =
    remains === undefined
      ? ""
      : ` The probe's own upload of ${JSON.stringify(remains.key)} (${remains.id}) is still there.`;
  if (refused?.error?.code === "credentials") return { status: "skipped", detail: "The signature was refused before." };
  if (refused?.error !== undefined) {
    const { status, detail, hint } = inItsWords("failed", refused.error);
    const elsewhere = isForbidden(refused)
      ? `${hint} If they are granted for a prefix only, pass diagnose({ key }) a key that begins with it.`
      : hint;
    return { status, detail: detail + left, ...(elsewhere === undefined ? {} : { hint: elsewhere }) };
  }
  if (!begun) return { status: "skipped", detail: "No upload could be begun to try them with." };
  const others = attempts.filter((attempt) => losses[attempt.request.action] !== undefined && !isGranted(attempt));
  const right = ({ request }: Attempt) => permissionFor[request.action];
  const missing = others.filter(isForbidden);
  const unknown = [
    ...writing.filter((attempt) => !isGranted(attempt)),
    ...others.filter((attempt) => !isForbidden(attempt)),
  ];
  if (missing.length + unknown.length === 0) {
    return { status: "ok", detail: `${listed(attempts.map(right))} are granted.` };
  }
  const said = missing.map((attempt) => `${right(attempt)} is not granted: ${losses[attempt.request.action]}.`);
  const unsaid = unknown.map((attempt) => `${attempt.error?.message ?? attempt.request.action}.`);
  const lifecycle = remains === undefined ? "" : " A lifecycle rule that aborts multipart uploads removes what stays.";
  const grant = missing.length === 0 ? "Diagnose again." : `${dialect.grant(listed(missing.map(right)), bucket)}.`;
  return { status: "warning", detail: [...said, ...unsaid].join(" ") + left, hint: grant + lifecycle };
}

/** The request was carried out; for HEAD also if the answer was that there is no object. */
function isGranted({ error }: Attempt): boolean {
  return error === undefined;
}

function isForbidden({ error }: Attempt): boolean {
  return error?.code === "forbidden";
}

function inItsWords(status: Finding["status"], { message, hint }: UploadError): Finding {
  return { status, detail: message.endsWith(".") ? message : `${message}.`, ...(hint === undefined ? {} : { hint }) };
}

function ruleHint({ corsRule }: Dialect, whose: string): string {
  return `${whose} CORS rule has to be:\n${corsRule()}`;
}

/** `A, B and C`, each once. */
function listed(items: Iterable<string>): string {
  const all = [...new Set(items)];
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
