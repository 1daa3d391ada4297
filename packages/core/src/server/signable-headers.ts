/** Which headers are signed, of what form, and which of them the app has to allow first. Pure. */

import type { StoreAction } from "../api/trace.js";
import { isHeaderName } from "../store/bucket/header-values.js";
import type { ObjectHeader } from "../store/oss/object-headers.js";
import { refused, shown } from "./refusal.js";

/** What a page may ask for only where the app says so: each gives, reveals or costs more than storing a file does. */
export type Allowance = "acl" | "callback" | "kms-key" | "storage-class";
export const allowances: readonly Allowance[] = ["acl", "callback", "kms-key", "storage-class"];

export interface SigningRules {
  readonly bucket: string;
  readonly allow: ReadonlySet<Allowance>;
  /** Of one object. */
  readonly maxBytes: number | undefined;
  /** Whether names in capitals are refused: where the app has looked before they were read, it has seen other names. */
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

/** A header that is not here is refused: `x-oss-copy-source` above all, which reads any object that the server may read. */
const headers: Readonly<Record<ObjectHeader | OtherHeader, Header>> = {
  // How browsers will treat the object. Who serves files from a domain of its own looks at it in `authorize`.
  "content-type": { form: textOrNothing },
  "cache-control": { form: text },
  "content-disposition": { form: text },
  "content-encoding": { form: text },
  expires: { form: text },
  // Only ever makes the service refuse bytes.
  "content-md5": { form: /^[A-Za-z0-9+/]{22}==$/ },
  // Binds the size; of the two requests that carry the file's bytes alone.
  "content-length": { form: /^(0|[1-9]\d{0,14})$/ },
  // Tags of the object itself. Lifecycle rules and policies may go by them.
  "x-oss-tagging": { form: text },
  // Refuses more than without it.
  "x-oss-forbid-overwrite": { form: /^(true|false)$/ },
  // Slows down this request.
  "x-oss-traffic-limit": { form: /^[1-9]\d{5,8}$/ },
  // With the service's keys, or the bucket's.
  "x-oss-server-side-encryption": { form: /^(AES256|KMS|SM4)$/ },
  "x-oss-server-side-data-encryption": { form: /^SM4$/ },
  // With any key of the account that the server may use: who lacks it can no longer read the object.
  "x-oss-server-side-encryption-key-id": { form: text, needs: "kms-key" },
  // Shows the object to everybody, or lets everybody write it.
  "x-oss-object-acl": { form: /^(default|private|public-read|public-read-write)$/, needs: "acl" },
  // Has the service call any server with what the page writes, in the bucket's name.
  "x-oss-callback": { form: base64, needs: "callback" },
  "x-oss-callback-var": { form: base64, needs: "callback" },
  // Costs: what is archived is paid for half a year, and must be thawed to be read.
  "x-oss-storage-class": { form: /^(Standard|IA|Archive|ColdArchive|DeepColdArchive)$/, needs: "storage-class" },
};

/** Text that is stored with the object and means nothing to the service. */
const metadata: Header = { form: textOrNothing };

/** The service takes 8 KB of metadata and 5 KB of a callback. */
const longestValue = 8192;

/** Whatever V4 would leave unsigned, so that a page sends what `authorize` saw. */
export const signedBeside: readonly string[] = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-length",
  "expires",
];

/**
 * @returns names in lower case, each once
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
    if (rules.namesAsSigned === true && name !== spelling)
      throw refused(`${what} is signed as ${shown(name)}: write it so`);
    const { form, needs } = headerOf(name) ?? {};
    if (form === undefined) throw refused(`${what} is not one of an upload`);
    if (needs !== undefined && !rules.allow.has(needs)) {
      throw refused(`${what} needs "${needs}" in \`allow\` of the server`);
    }
    // A line break would be signed as a header of its own, which `authorize` has not seen: no form admits one.
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
  if (action !== "PutObject" && action !== "UploadPart") {
    if (length !== undefined) throw refused(`the header "content-length" is not one of ${action}`);
    return;
  }
  if (maxBytes === undefined) return;
  if (length === undefined) {
    throw refused(`${action} does not state its content-length, and maxBytes is ${maxBytes}`, "rejected", 413);
  }
  if (Number(length) > maxBytes)
    throw refused(`${action} of ${length} bytes, maxBytes is ${maxBytes}`, "rejected", 413);
}
