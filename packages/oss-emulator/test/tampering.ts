/** Sends a signed request that was changed after it was signed. */
import { defaultAccount, type Emulator } from "../src/index.js";
import { type Call, type Reply, send, signed } from "./signed-client.js";

export const put: Call = { method: "PUT", bucket: "demo", key: "a b+c/ü", body: "x" };
export const minute = 60_000;

/** Signs a call, changes it, and sends it. */
export function tampered(
  emulator: Emulator,
  call: Call,
  change: (request: { path: string; headers: Record<string, string> }) => void,
): Promise<Reply> {
  const request = signed(call, defaultAccount);
  change(request);
  const headers = { "content-length": Buffer.byteLength(call.body ?? ""), ...request.headers };
  return send(emulator.port, { method: call.method, path: request.path, headers }, call.body);
}
