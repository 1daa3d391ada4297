/** A worker's side of a keeper: does what a message asks. The same in a service worker and in a shared worker. */
import type { KeptFiles } from "./kept-files.js";
import { readAsked, sealed } from "./messages.js";

/** What of a message event is used. */
export interface Arrived {
  readonly data: unknown;
  readonly ports: readonly Pick<MessagePort, "postMessage">[];
}

/**
 * @returns undefined for a message that is not for a keeper: nothing was done. Else a promise for so long as the worker has to live for what
 *   the message has left with it
 */
export function answer(kept: KeptFiles, { data, ports }: Arrived): Promise<void> | undefined {
  const asked = readAsked(data);
  if (asked === undefined) return undefined;
  const { act, scope } = asked;
  if (act === "keep") kept.keep(scope, asked.files);
  else if (act === "release") kept.release(scope, asked.ids);
  else {
    const files = act === "kept" ? kept.kept(scope, asked.ids) : kept.queued(scope);
    ports[0]?.postMessage(sealed({ act: "files", files }));
  }
  return act === "keep" ? kept.untilTaken() : Promise.resolve();
}
