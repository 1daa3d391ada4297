/** `signAt()`: asks the endpoint of `createSignHandler` for signatures. */

import { UploadError } from "../../errors.js";
import type { RequestSigner } from "../bucket/signable-request.js";

const longestReason = 200;

/** @param context `signal`: aborted when no upload waits for the answer any more */
type SignInit = (context: { readonly signal: AbortSignal }) => RequestInit | Promise<RequestInit>;

/**
 * Makes a signer that asks your application server. Cookies are sent to the page's own origin.
 *
 * @param url where `createSignHandler` listens
 * @param init further options of `fetch`: headers such as a CSRF token, or `credentials: "include"` for another origin. A function that
 *   gives or fetches them is called for every request to `url`: for bearer tokens that rotate. Default: none
 * @returns a signer that throws UploadError "forbidden" if the server answers 401 or 403, "rejected" if it answers 400 or 413. If the
 *   function throws, or does not answer within a minute, uploads wait and try again, as they do for `credentials`, and fail with
 *   "credentials" and the reason in the end; at once with "forbidden" for an error with the `status` 401 or 403
 * @example signAt("/api/sign", async () => ({ headers: { authorization: `Bearer ${await accessToken()}` } }))
 */
export function signAt(url: string, init: RequestInit | SignInit = {}): RequestSigner {
  let last = typeof init === "function" ? undefined : init;
  const signer: RequestSigner = async (requests, { signal }) => {
    const further = typeof init === "function" ? await init({ signal }) : init;
    last = further;
    const headers = new Headers(further.headers);
    headers.set("content-type", "application/json");
    const response = await fetch(url, { ...further, method: "POST", headers, body: JSON.stringify(requests), signal });
    if (response.ok) return await response.json();
    const problem = `POST ${url} to have ${requests.length} request(s) signed answered ${response.status}`;
    // After these statuses the server would say no again; any other failure may pass.
    if (![400, 401, 403, 413].includes(response.status)) throw new Error(problem);
    const code = response.status === 401 || response.status === 403 ? "forbidden" : "rejected";
    throw new UploadError(code, problem + (await reasonOf(response)), {
      hint: "`authorize`, `allow` and `maxBytes` of createSignHandler() decide.",
    });
  };
  // Read where it goes along; no import, so that a page without signAt() has none of it.
  const portable: PortableSigner["portable"] = () => last && { url: new Request(url).url, init: plain(last) };
  return Object.assign(signer, { portable });
}

/** What asks the same server without the page. */
export interface PortableSigner extends RequestSigner {
  /** undefined while an `init` that is a function has given nothing. */
  portable(): { readonly url: string; readonly init: RequestInit } | undefined;
}

/** What of it another thread can be given. The rest, such as a signal, is of this page. */
function plain({ headers, credentials, mode, cache, redirect, referrerPolicy }: RequestInit): RequestInit {
  const said = Object.entries({ credentials, mode, cache, redirect, referrerPolicy }).filter(([, value]) => value);
  return { ...Object.fromEntries(said), headers: [...new Headers(headers)] };
}

/** @returns the `error` of the handler's answer; "" for anything else, such as a gateway's page */
async function reasonOf(response: Response): Promise<string> {
  const answer = await response.json().catch(() => undefined);
  return typeof answer?.error === "string" ? `: ${answer.error.slice(0, longestReason)}` : "";
}
