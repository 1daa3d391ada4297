/** Makes a fault happen to a request. A new kind of fault is demanded here by the compiler. */
import type { Exchange } from "../http/exchange.js";
import { answerFaults } from "./answer-faults.js";
import { bodyFaults } from "./body-faults.js";
import { connectionFaults } from "./connection-faults.js";
import type { FaultKind } from "./fault.js";
import type { Strike } from "./fault-list.js";
import { serviceFaults } from "./service-faults.js";
import { type FaultTools, type Injection, type Injector, type Injectors, StruckRequest } from "./struck-request.js";

const injectors: Injectors = { ...connectionFaults, ...bodyFaults, ...answerFaults, ...serviceFaults };

function injectorOf<Kind extends FaultKind>(kind: Kind): Injector<Kind> {
  return injectors[kind];
}

/** Prepares the request for its fault. @throws Disconnected if the fault ends the connection at once */
export async function inject(exchange: Exchange, strike: Strike, tools: FaultTools): Promise<Injection> {
  return injectorOf(strike.fault.kind)(new StruckRequest(exchange, strike, tools), strike.fault);
}
