/** Signs for pages that hold no key. Wraps the library's handler, which takes a Fetch request, for Node's kind of request. */
import type { IncomingMessage } from "node:http";
import { createSignHandler, type PresignOptions } from "@ossicle/core/server";
import { fetchRequest } from "./fetch-request.js";
import { Refusal } from "./json-body.js";

/**
 * @param prefix of the keys that pages may write. The demo has no users; an app would check here who is asking
 * @throws Refusal for another content type than JSON: a page of another site could send it without a preflight
 */
export async function signFor(
  request: IncomingMessage,
  prefix: string,
  place: PresignOptions,
): Promise<{ readonly status: number; readonly body: unknown }> {
  if (request.headers["content-type"] !== "application/json") throw new Refusal(400, "send application/json");
  const sign = createSignHandler({
    ...place,
    authorize: (_, requests) => requests.every(({ key }) => key.startsWith(prefix)),
  });
  const response = await sign(fetchRequest(request));
  return { status: response.status, body: await response.json() };
}
