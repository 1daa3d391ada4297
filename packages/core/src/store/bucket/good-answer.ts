/**
 * Tells answers of the service from answers of somebody in its place: a service worker with its offline page, a gateway, a captive portal,
 * the app's own site given as the endpoint. It is documented how the service answers each request; any other answer is not the service's.
 * Law: nothing is claimed that the store did not show. Pure.
 */
import type { HttpResponse } from "../../workers/byte-workers.js";
import { errorIn, readErrorDocument } from "./answers.js";
import type { Dialect } from "./dialect.js";

/** The hint in errors about an answer that is not the service's. */
export const somebodyElse =
  "Is the endpoint the bucket's, and is there a proxy, gateway, captive portal or service worker between this page and it?";

/** The hint in errors about a body that is too large for something on the way. */
export const limitOnTheWay =
  "Something between this page and the store takes no body of this size: raise its limit (nginx: client_max_body_size), or pass a " +
  "smaller `partSize`.";

/** How the service answers a request when all is well. */
export interface GoodAnswer {
  readonly status: 200 | 204;
  /** "document": XML, which is checked where it is read. "json": the application server's answer to a callback. */
  readonly body: "none" | "document" | "json";
  /** A header that every such answer has, and that a page may read under any CORS rule. In lower case. */
  readonly header?: string;
}

/** 203 means that a callback failed. A 200 may be a refusal too: an answer that takes long begins with 200 before its outcome is known. */
export function isRefusal({ status, xml }: HttpResponse): boolean {
  return status < 200 || status >= 300 || status === 203 || errorIn(xml) !== undefined;
}

/** Is the answer somebody else's? @param response not a refusal */
export function isOfAnother({ status, body, header }: GoodAnswer, response: HttpResponse): boolean {
  if (response.elsewhere || response.status !== status) return true;
  if (header !== undefined && response.headers[header] === undefined) return true;
  if (body === "json") return !isJson(response.body);
  return body === "none" && response.body.trim() !== "";
}

/** The service treats an answer to a callback that is not JSON as a failure, so it never passes one on. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Only the beginning: an answer may break off in the middle. */
const beginsAsDocument = /^\s*(<\?xml[^>]*>\s*)?<Error\b/;

/**
 * Did somebody else write this refusal? Yes if it came from another URL, or if neither its body nor its headers are the service's. Answers
 * to HEAD have no body: there the content type tells.
 */
export function isRefusalOfAnother(
  { requestIdHeader }: Pick<Dialect, "requestIdHeader">,
  response: HttpResponse,
): boolean {
  const { status, body, headers, xml, elsewhere } = response;
  if (elsewhere) return true;
  const isDocument = readErrorDocument(xml)?.code !== undefined || beginsAsDocument.test(body);
  if (isDocument || headers[requestIdHeader] !== undefined) return false;
  // The service reports a failed callback with a document. Without it nothing says that the object is stored.
  if (status === 203) return true;
  return body.trim() !== "" || /^text\/html\b/i.test(headers["content-type"] ?? "");
}
