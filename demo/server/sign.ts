/** Signs for pages that hold no key: the library's own handler, between Node's kind of request and the demo's kind of answer. */
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { createSignHandler, type PresignOptions } from "@ossicle/core/server";
import { Refusal } from "./json-body.js";

/**
 * @param prefix of the keys that pages may write; who the user is would be decided here as well, if the demo knew users
 * @throws Refusal for a request that a page of another site could have sent without being asked first
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
  const response = await sign(
    new Request("http://demo/api/sign", {
      method: "POST",
      body: Readable.toWeb(request) as ReadableStream,
      // Required of bodies that are streams; browsers' types do not know it.
      ...{ duplex: "half" },
    }),
  );
  return { status: response.status, body: await response.json() };
}
