/** A page's question to a keeper. Law: nothing outlives its run. */
import { orLate } from "../or-late.js";
import type { Clock } from "../platform/clock.js";
import type { KeptFile } from "./keeper.js";
import { type Asked, readAnswer, sealed } from "./messages.js";

/** A service worker that has to be started first answers in a tenth of it. The user looks at a list meanwhile. */
const patienceMs = 1_000;

/** What takes messages: a service worker, a port of a shared worker. */
export type Mailbox = Pick<MessagePort, "postMessage">;

/** @returns the files that it has of those that are asked for; undefined where nobody answers in time. Never rejects */
export async function askKeeper(
  keeper: Mailbox,
  question: Extract<Asked, { act: "kept" | "queued" }>,
  clock: Pick<Clock, "sleep">,
): Promise<readonly KeptFile[] | undefined> {
  const { port1, port2 } = new MessageChannel();
  try {
    const answered = new Promise<unknown>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      // A file that cannot be read from the message.
      port1.onmessageerror = () => resolve(undefined);
    });
    keeper.postMessage(sealed(question), [port2]);
    return readAnswer(await orLate(answered, patienceMs, clock, () => silent))?.files;
  } catch {
    return undefined; // It is silent, or takes no messages.
  } finally {
    port1.close();
  }
}

const silent = new Error("The keeper is silent");
