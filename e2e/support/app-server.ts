/** The application server that the store calls once an object exists. */
import type { UploadOptions } from "../../packages/core/src/index.js";
import type { Fixtures } from "../fixtures.js";
import { readBody } from "./scripted-server.js";

export interface AppServer {
  readonly origin: string;
  /** Bodies of the calls, oldest first. */
  readonly told: readonly string[];
}

export type Callback = NonNullable<UploadOptions["callback"]>;

/** @param answer JSON, as the store demands it */
export async function serveApp(serve: Fixtures["serve"], answer: string): Promise<AppServer> {
  const told: string[] = [];
  const { origin } = await serve(async (request, response) => {
    told.push((await readBody(request)).toString());
    response.setHeader("content-type", "application/json").end(answer);
  });
  return { origin, told };
}
