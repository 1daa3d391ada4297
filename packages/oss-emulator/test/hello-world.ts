/** A bucket that holds one object, "k", at a known time. */
import type { Emulator } from "../src/index.js";
import { type Call, createClient, type Reply } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const hello = Buffer.from("hello world");
const now = Date.parse("2026-05-05T12:00:00Z");

export interface HelloWorld {
  readonly emulator: Emulator;
  /** The answer to its PUT. */
  readonly put: Reply;
  call(call: Call): Promise<Reply>;
  get(key: string, headers?: Record<string, string>): Promise<Reply>;
  head(key: string, headers?: Record<string, string>): Promise<Reply>;
}

/** @param headers of the PUT */
export async function withHello(headers: Record<string, string> = {}): Promise<HelloWorld> {
  const emulator = await emulatorWith({ now: () => now });
  const client = createClient(emulator);
  const call = (one: Call) => client.call({ time: now, ...one });
  const put = await call({ method: "PUT", key: "k", body: hello, headers });
  return {
    emulator,
    put,
    call,
    get: (key, more = {}) => call({ method: "GET", key, headers: more }),
    head: (key, more = {}) => call({ method: "HEAD", key, headers: more }),
  };
}
