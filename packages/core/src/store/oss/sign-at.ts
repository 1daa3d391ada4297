/** The page's end of `createSignHandler`. */
import { UploadError, type UploadErrorCode } from "../../errors.js";
import type { RequestSigner } from "./oss-options.js";

/** Asked again it would say no again; whatever else went wrong may pass. */
const refusals: Readonly<Record<number, { readonly code: UploadErrorCode; readonly hint: string }>> = {
  400: { code: "rejected", hint: "Do `allow` of createSignHandler() and these options of upload() go together?" },
  403: { code: "forbidden", hint: "Does `authorize` of createSignHandler() allow these keys?" },
  413: { code: "rejected", hint: "`maxBytes` of createSignHandler() is the most that one object may have." },
};

const longestReason = 200;

/**
 * A signer that asks an application server, with cookies of its own origin.
 *
 * @param url  where `createSignHandler` listens
 * @param init further headers (a CSRF token, say), `credentials: "include"` for another origin
 * @returns a signer that throws UploadError "forbidden" where the server answers 403, "rejected" where it answers 400 or 413
 */
export function signAt(url: string, init: RequestInit = {}): RequestSigner {
  return async (requests, { signal }) => {
    const headers = new Headers(init.headers);
    headers.set("content-type", "application/json");
    const response = await fetch(url, { ...init, method: "POST", headers, body: JSON.stringify(requests), signal });
    if (response.ok) return await response.json();
    const problem = `POST ${url} to have ${requests.length} request(s) signed answered ${response.status}`;
    const refusal = refusals[response.status];
    if (refusal === undefined) throw new Error(problem);
    const reason = await reasonOf(response);
    throw new UploadError(refusal.code, reason === undefined ? problem : `${problem}: ${reason}`, {
      hint: refusal.hint,
    });
  };
}

/** `{ error }` of the handler; a gateway's page of HTML is none. */
async function reasonOf(response: Response): Promise<string | undefined> {
  try {
    const { error } = (await response.json()) as { readonly error?: unknown };
    return typeof error === "string" ? error.slice(0, longestReason) : undefined;
  } catch {
    return undefined;
  }
}
