/** Reads what was entered: where files will go, or what is wrong with which field. Sends no request. Pure. */
import { isUploadError, ossStore, type StsCredentials, type UploadError } from "@ossicle/core";
import type { FieldProblem, FieldProblems } from "./field-problem.js";
import { readTokenText } from "./read-token.js";

export interface FormValues {
  readonly region: string;
  readonly bucket: string;
  readonly endpoint: string;
  /** "" lets the library choose by the endpoint. */
  readonly addressing: "" | "virtual-hosted" | "path" | "cname";
  readonly auth: "token" | "tokenUrl" | "signUrl";
  readonly token: string;
  readonly tokenUrl: string;
  readonly signUrl: string;
}

/** Where files go, in the options of `ossStore`. */
export interface Place {
  readonly region: string;
  readonly bucket: string;
  readonly endpoint?: string;
  readonly addressing?: "virtual-hosted" | "path" | "cname";
}

export type Auth =
  | { readonly kind: "token"; readonly token: StsCredentials }
  | { readonly kind: "tokenUrl" | "signUrl"; readonly url: string };

export type Target = Place & { readonly auth: Auth };

export type ReadForm = { readonly target: Target } | { readonly problems: FieldProblems };

export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The page's own URL. */
  readonly pageUrl: string;
}

export function readForm(values: FormValues, surroundings: Surroundings): ReadForm {
  const endpoint = values.endpoint.trim();
  const place: Place = {
    region: values.region.trim(),
    bucket: values.bucket.trim(),
    ...(endpoint === "" ? {} : { endpoint }),
    ...(values.addressing === "" ? {} : { addressing: values.addressing }),
  };
  const auth = readAuth(values, surroundings);
  const problems: FieldProblems = {
    ...placeProblems(place, surroundings),
    ...("problem" in auth && { [values.auth]: auth.problem }),
  };
  if (Object.keys(problems).length > 0 || "problem" in auth) return { problems };
  return { target: { ...place, auth } };
}

/** The name of a place as the page shows it, e.g. "https://oss-cn-hangzhou.aliyuncs.com/user-files". */
export function nameOf({
  region,
  bucket,
  endpoint = `oss-${region.replace(/^oss-/, "")}.aliyuncs.com`,
}: Place): string {
  return `${new URL(withScheme(endpoint)).origin}/${bucket}`;
}

function readAuth(values: FormValues, { now, pageUrl }: Surroundings): Auth | { readonly problem: FieldProblem } {
  const text = values[values.auth].trim();
  if (text === "") return { problem: (errors) => errors.required };
  if (values.auth === "token") {
    const read = readTokenText(text, now);
    return "token" in read ? { kind: "token", token: read.token } : read;
  }
  if (!URL.canParse(text, pageUrl)) return { problem: (errors) => errors.url };
  const url = new URL(text, pageUrl);
  if (!/^https?:$/.test(url.protocol)) return { problem: (errors) => errors.url };
  if (isMixed(url, pageUrl)) return { problem: (errors) => errors.insecure };
  return { kind: values.auth, url: url.href };
}

/** The library checks region, bucket and endpoint. This finds the field of each of its objections. */
function placeProblems(place: Place, { pageUrl }: Surroundings): FieldProblems {
  const problems: Record<string, FieldProblem> = {};
  if (place.region === "") problems.region = (errors) => errors.required;
  if (place.bucket === "") problems.bucket = (errors) => errors.required;
  const { endpoint } = place;
  const url = endpoint === undefined || !URL.canParse(withScheme(endpoint)) ? undefined : new URL(withScheme(endpoint));
  if (url !== undefined && isMixed(url, pageUrl)) problems.endpoint = (errors) => errors.insecure;
  // Each is tried by itself, with sound values for the others; then the endpoint, with sound values for what was wrong.
  const sound: Place = { region: "cn-hangzhou", bucket: "bucket" };
  const isRegion = objection({ ...sound, region: place.region }) === undefined;
  const isBucket = objection({ ...sound, bucket: place.bucket }) === undefined;
  if (!isRegion) problems.region ??= (errors) => errors.region;
  if (!isBucket) problems.bucket ??= (errors) => errors.bucket;
  const rest = objection({
    ...place,
    region: isRegion ? place.region : sound.region,
    bucket: isBucket ? place.bucket : sound.bucket,
  });
  // An endpoint cannot be "in another region" than one that does not exist.
  if (rest !== undefined && (isRegion || !isElsewhere(rest))) problems.endpoint ??= endpointProblem(rest);
  return problems;
}

function endpointProblem(error: UploadError): FieldProblem {
  if (error.message.includes("already begins with the bucket")) return (errors) => errors.endpointBucket;
  if (isElsewhere(error)) return (errors) => errors.endpointRegion;
  if (error.message.includes("is an IP address")) return (errors) => errors.endpointAddress;
  return (errors) => errors.endpoint;
}

function isElsewhere({ message }: UploadError): boolean {
  return message.includes("is not in region");
}

function objection(place: Place): UploadError | undefined {
  try {
    ossStore({ ...place, credentials: { accessKeyId: "none", accessKeySecret: "none" } });
    return undefined;
  } catch (error) {
    if (isUploadError(error)) return error;
    throw error;
  }
}

function withScheme(endpoint: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`;
}

/** True for what browsers block as mixed content: http from a page of https, unless it goes to this machine. */
function isMixed(url: URL, pageUrl: string): boolean {
  const local = /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost)$/.test(url.hostname);
  return url.protocol === "http:" && !local && new URL(pageUrl).protocol === "https:";
}
