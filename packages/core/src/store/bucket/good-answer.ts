/**
 * Did the service answer, or somebody in its place: a service worker with its offline page, a gateway, a captive portal, the app's
 * own site given as the endpoint? What each request is answered with when all is well is documented; anything else is not
 * the service's. Pure.
 */
import type { HttpResponse } from "../../workers/byte-workers.js";
import { errorIn, readErrorDocument } from "./answers.js";
import type { Dialect } from "./dialect.js";

/** The hint of every error about such an answer. */
export const somebodyElse =
  "Is the endpoint the bucket's, and is there a proxy, gateway, captive portal or service worker between this page and it?";

export interface GoodAnswer {
  readonly status: 200 | 204;
  /** "document": XML, which the reader of the answer looks at. "json": after a callback, the application server's. */
  readonly body: "none" | "document" | "json";
  /** One that is in every such answer, and that a page may read under any CORS rule. */
  readonly header?: string;
}

/** 203 is a failed callback; and an answer that took long to make may begin with 200 and end in an error document. */
export function isRefusal({ status, xml }: HttpResponse): boolean {
  return status < 200 || status >= 300 || status === 203 || errorIn(xml) !== undefined;
}

/** @param response no refusal */
export function isOfAnother({ status, body, header }: GoodAnswer, response: HttpResponse): boolean {
  if (response.elsewhere || response.status !== status) return true;
  if (header !== undefined && response.headers[header] === undefined) return true;
  if (body === "json") return !isJson(response.body);
  return body === "none" && response.body.trim() !== "";
}

/** What is not JSON the service takes for a failed callback, and says so. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Answers break off in the middle, too. */
const beginsAsDocument = /^\s*(<\?xml[^>]*>\s*)?<Error\b/;

/**
 * A refusal that the service did not write: it came from another URL, or its body is not the service's document and nothing in
 * its headers is the service's. An answer to HEAD has no body: there the type of the page that is not sent tells.
 */
export function isRefusalOfAnother(
  { requestIdHeader }: Pick<Dialect, "requestIdHeader">,
  response: HttpResponse,
): boolean {
  const { status, body, headers, xml, elsewhere } = response;
  if (elsewhere) return true;
  const isDocument = readErrorDocument(xml)?.code !== undefined || beginsAsDocument.test(body);
  if (isDocument || headers[requestIdHeader] !== undefined) return false;
  // The service says with a document that a callback failed. Without one, nothing says that the object is stored.
  if (status === 203) return true;
  return body.trim() !== "" || /^text\/html\b/i.test(headers["content-type"] ?? "");
}
