/** Which headers are signed, which values they may have, and which of them the app has to allow first. Pure. */

import type { StoreAction } from "../api/trace.js";
import { isHeaderName } from "../store/bucket/header-values.js";
import type { ObjectHeader } from "../store/oss/object-headers.js";
import { refused, shown } from "./refusal.js";

/** What a page may ask for only if the app allows it: each grants, reveals or costs more than storing a file. */
export type Allowance = "acl" | "callback" | "kms-key" | "storage-class";
const each: Readonly<Record<Allowance, true>> = { acl: true, callback: true, "kms-key": true, "storage-class": true };
export const allowances = Object.keys(each) as readonly Allowance[];

export interface SigningRules {
  readonly bucket: string;
  readonly allow: ReadonlySet<Allowance>;
  /** The largest allowed object. */
  readonly maxBytes: number | undefined;
  /** True to refuse names with capitals: the app has checked the names as they were given, and they are signed in lower case. */
  readonly namesAsSigned?: boolean;
}

interface Header {
  readonly form: RegExp;
  readonly needs?: Allowance;
}

/** Of a body, and what other pages than ours may say of an object. */
type OtherHeader = "content-md5" | "content-length" | "x-oss-server-side-data-encryption";

const text = /^[!-~]([ -~]*[!-~])?$/;
const textOrNothing = /^([!-~]([ -~]*[!-~])?)?$/;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Every other header is refused, above all `x-oss-copy-source`: it would read any object that the server may read. */
const headers: Readonly<Record<ObjectHeader | OtherHeader, Header>> = {
  // How browsers treat the object. An app that serves files from its own domain should check it in `authorize`.
  "content-type": { form: textOrNothing },
  "cache-control": { form: text },
  "content-disposition": { form: text },
  "content-encoding": { form: text },
  expires: { form: text },
  // It can only make the service refuse bytes.
  "content-md5": { form: /^[A-Za-z0-9+/]{22}==$/ },
  // Fixes the size. Allowed only for the requests that carry bytes of the file: see checkLength.
  "content-length": { form: /^(0|[1-9]\d{0,14})$/ },
  // Tags of the object. Lifecycle rules and policies may depend on them.
  "x-oss-tagging": { form: text },
  // It can only make the service refuse more.
  "x-oss-forbid-overwrite": { form: /^(true|false)$/ },
  // It can only slow down this request.
  "x-oss-traffic-limit": { form: /^[1-9]\d{5,8}$/ },
  // Encryption with the service's keys or the bucket's.
  "x-oss-server-side-encryption": { form: /^(AES256|KMS|SM4)$/ },
  "x-oss-server-side-data-encryption": { form: /^SM4$/ },
  // Encryption with any key that the server may use. Readers without that key can no longer read the object.
  "x-oss-server-side-encryption-key-id": { form: text, needs: "kms-key" },
  // It can let everybody read or write the object.
  "x-oss-object-acl": { form: /^(default|private|public-read|public-read-write)$/, needs: "acl" },
  // The service would call any server with content from the page, in the bucket's name.
  "x-oss-callback": { form: base64, needs: "callback" },
  "x-oss-callback-var": { form: base64, needs: "callback" },
  // It can cost money: an archived object is billed for a minimum time, and must be restored before it can be read.
  "x-oss-storage-class": { form: /^(Standard|IA|Archive|ColdArchive|DeepColdArchive)$/, needs: "storage-class" },
};

/** Metadata: text that the service stores with the object and does not interpret. */
const metadata: Header = { form: textOrNothing };

/** The service takes 8 KB of metadata and 5 KB of a callback. */
const longestValue = 8192;

/** Headers that V4 does not sign by default. They are signed too, so that a page cannot send other values than `authorize` saw. */
export const signedBeside: readonly string[] = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-length",
  "expires",
];

/**
 * @returns the headers with names in lower case
 * @throws UploadError "rejected" that names the header
 */
export function readHeaders(
  action: StoreAction,
  given: Readonly<Record<string, unknown>>,
  rules: SigningRules,
): Readonly<Record<string, string>> {
  const read = new Map<string, string>();
  for (const [spelling, value] of Object.entries(given)) {
    const what = `the header ${shown(spelling)} of ${action}`;
    if (!isHeaderName(spelling)) throw refused(`${what} has a name that no header can have`);
    const name = spelling.toLowerCase();
    if (read.has(name)) throw refused(`${what} comes in two spellings`);
    if (rules.namesAsSigned === true && name !== spelling) throw refused(`${what} must be written ${shown(name)}`);
    const { form, needs } = headerOf(name) ?? {};
    if (form === undefined) throw refused(`${what} is not part of an upload`);
    if (needs !== undefined && !rules.allow.has(needs)) {
      throw refused(`${what} needs "${needs}" in \`allow\` of the server`);
    }
    // No form admits a line break: what follows it would be signed as another header, which `authorize` has not seen.
    if (typeof value !== "string" || value.length > longestValue || !form.test(value)) {
      throw refused(`${what} may not be ${shown(value)}`);
    }
    read.set(name, value);
  }
  checkLength(action, read.get("content-length"), rules.maxBytes);
  return Object.fromEntries(read);
}

function headerOf(name: string): Header | undefined {
  if (/^x-oss-meta-./.test(name)) return metadata;
  return Object.hasOwn(headers, name) ? headers[name as keyof typeof headers] : undefined;
}

function checkLength(action: StoreAction, length: string | undefined, maxBytes: number | undefined): void {
  if (action !== "PutObject" && action !== "PostObject" && action !== "UploadPart") {
    if (length !== undefined) throw refused(`${action} takes no header "content-length"`);
    return;
  }
  if (maxBytes === undefined) return;
  if (length === undefined) {
    throw refused(`${action} does not state its content-length, and maxBytes is ${maxBytes}`, "rejected", 413);
  }
  if (Number(length) > maxBytes)
    throw refused(`${action} of ${length} bytes, maxBytes is ${maxBytes}`, "rejected", 413);
}
