/** A request that is being sent through a scripted XMLHttpRequest. */
import type { HttpRequest } from "../../src/contract.js";
import { send } from "../../src/send.js";
import { noFetch, ScriptedXhr } from "./scripted-xhr.js";

export const url = "https://bucket.example/key?signature=secret";

/** @returns the request's own XMLHttpRequest, what it reported as sent, what stops it, and how it ends */
export function sending(request: Partial<HttpRequest> = {}) {
  const xhr = new ScriptedXhr();
  const sent: number[] = [];
  const stop = new AbortController();
  const whole = { method: "PUT", url, headers: {}, stallTimeoutMs: 30_000, answerTimeoutMs: 60_000, ...request };
  const tools = { newXhr: () => xhr.asXhr, fetch: noFetch, onSent: (bytes: number) => void sent.push(bytes) };
  return { xhr, sent, stop, outcome: send(whole, stop.signal, tools) };
}
