/**
 * Answers that the page may not read. Some services write no CORS header on a refusal of clock, key or signature, so that the
 * page sees a dead network (a real Ceph does; of other services it is not known). An unsigned request to the same bucket can
 * tell: its refusal can be read.
 */
import { isUploadError } from "../../errors.js";
import type { CallOptions, StoreTools } from "../object-store.js";
import type { BucketPlace } from "./bucket-place.js";
import { dateOf } from "./refusal.js";
import type { ServiceClock } from "./service-clock.js";

export interface UnreadableAnswers {
  /** An answer could be read: the network, the rule and the signature are good. */
  answered(): void;
  /**
   * None could. The second in a row, while the browser is online, has the clock corrected, or else the key renewed; once, and
   * not before the network is there.
   *
   * @returns whether an unsigned request was answered since signed ones are not
   */
  lost(options: Pick<CallOptions, "signal">): Promise<boolean>;
}

interface Tools {
  readonly place: BucketPlace;
  readonly clock: ServiceClock;
  readonly tools: Pick<StoreTools, "workers" | "stallTimeoutMs" | "online">;
  /** Has another key fetched before the next request is signed. */
  readonly renew: () => void;
}

const suspicious = 2;
const answerTimeoutMs = 10_000;
// Far below the 15 minutes that the service tolerates, far above what a request takes to get there.
const noticeableSkewMs = 60_000;

export function unreadableAnswers(connection: Tools): UnreadableAnswers {
  const { clock, tools, renew } = connection;
  let inARow = 0;
  let unsignedAnswered = false;
  return {
    answered() {
      inARow = 0;
      unsignedAnswered = false;
    },
    async lost({ signal }) {
      if (tools.online?.() === false) return false;
      inARow += 1;
      if (inARow !== suspicious) return unsignedAnswered;
      const answer = await askUnsigned(connection, signal);
      // Or else it is the network, which says nothing of what comes after it.
      if (answer === undefined) {
        inARow = 0;
        return false;
      }
      unsignedAnswered = true;
      const { dateMs = clock.now() } = answer;
      if (Math.abs(dateMs - clock.now()) > noticeableSkewMs) clock.learn(dateMs);
      else renew();
      return true;
    },
  };
}

/** @returns what an unsigned request learnt, also from a refusal; undefined when it got no answer that may be read either */
export async function askUnsigned(
  { place, tools }: Pick<Tools, "place" | "tools">,
  signal: AbortSignal,
): Promise<{ readonly dateMs: number | undefined } | undefined> {
  const { workers, stallTimeoutMs } = tools;
  const url = place.urlOf("", { "max-keys": "1" });
  const request = { method: "GET", url, headers: {}, stallTimeoutMs, answerTimeoutMs };
  try {
    const { headers } = await workers.send(request, { signal });
    return { dateMs: dateOf(headers.date) };
  } catch (error) {
    signal.throwIfAborted();
    if (!isUploadError(error)) throw error;
    return undefined;
  }
}
