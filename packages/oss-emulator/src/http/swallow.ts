/** The way of a body into a sink: nothing looks at the bytes, so that a benchmark measures the browser and not this. */
import { finished } from "node:stream/promises";
import { Disconnected, type Exchange } from "./exchange.js";

/** Whether a request may be swallowed: its length is known, and no fault and no pace has a say in how it comes. */
export function isSwallowable({ headers, bodyPlan }: Exchange, paces: number): boolean {
  return (
    headers["content-length"] !== undefined &&
    headers.expect === undefined &&
    paces === 0 &&
    Object.keys(bodyPlan).length === 0
  );
}

/**
 * Counts the body and lets it go. Measured: a third of the time that `incoming` needs.
 *
 * @throws Disconnected when the connection ends first
 */
export async function swallow({ request, entry, touch, patience }: Exchange): Promise<number> {
  const onData = (piece: Buffer): void => {
    entry.bodyBytes += piece.length;
    touch();
    patience.wait();
  };
  patience.wait();
  request.on("data", onData);
  try {
    await finished(request, { writable: false });
  } catch (cause) {
    throw new Disconnected("the client went away", { cause });
  } finally {
    patience.rest();
    request.off("data", onData);
  }
  return entry.bodyBytes;
}
