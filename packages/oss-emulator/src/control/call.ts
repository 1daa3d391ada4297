/** A request to the control API, as its route gets it. Types only. */
import type { ServerResponse } from "node:http";
import type { Emulator } from "../emulator.js";

export interface ControlCall {
  readonly emulator: Emulator;
  /** The pieces of the path that stand for `{name}` in the route's, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON; undefined if there is no body. */
  readonly body: unknown;
  readonly response: ServerResponse;
  /** Aborted when the client has left. */
  readonly signal: AbortSignal;
}
