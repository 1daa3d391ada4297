/** A POST of Node's kind as the Fetch API's, for the handlers of the library. */
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** @throws TypeError for a target that is no path */
export function fetchRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  // Not the Host that the client claims: nothing here depends on it.
  return new Request(new URL(request.url ?? "/", "http://demo"), {
    method: "POST",
    headers,
    body: Readable.toWeb(request) as ReadableStream,
    // Required for a stream as body; the DOM's types do not have it.
    ...{ duplex: "half" },
  });
}
