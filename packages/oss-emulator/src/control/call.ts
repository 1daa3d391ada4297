/** One call of the control API, as each route gets it. Types only. */
import type { ServerResponse } from "node:http";
import type { Emulator } from "../emulator.js";

export interface Call {
  readonly emulator: Emulator;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly response: ServerResponse;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}
