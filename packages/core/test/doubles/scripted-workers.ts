/** Workers with prepared answers: those that no service gives, but something between page and service might. */
import { parseXml } from "../../../worker/src/xml.js";
import type { ByteWorkers, HttpRequest, HttpResponse } from "../../src/workers/byte-workers.js";
import { memoryWorkers } from "./memory-workers.js";

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly elsewhere?: boolean;
  readonly body?: string;
}

export interface ScriptedWorkers extends ByteWorkers {
  readonly requests: readonly HttpRequest[];
}

/** @param answers one per request, in order; the last one for all that follow */
export function scriptedWorkers(...answers: readonly ScriptedAnswer[]): ScriptedWorkers {
  const requests: HttpRequest[] = [];
  return {
    ...memoryWorkers(),
    requests,
    parseXml: async (text) => parseXml(text),
    send: async (request, { signal }): Promise<HttpResponse> => {
      signal.throwIfAborted();
      const {
        status = 200,
        headers = {},
        elsewhere = false,
        body = "",
      } = answers[requests.length] ?? answers.at(-1) ?? {};
      requests.push(request);
      const xml = parseXml(body);
      return { status, headers, elsewhere, body, ...(xml === undefined ? {} : { xml }) };
    },
  };
}
