/**
 * Finds out whether lost answers are refusals that the page may not read. Some services write no CORS header when they refuse a clock, a key
 * or a signature, which looks like a dead network (a real Ceph does so; of other services it is not known). The answer to an unsigned
 * request to the same bucket can be read even then.
 */
import { isUploadError } from "../../errors.js";
import type { CallOptions } from "../object-store.js";
import type { StoreTools } from "../store-connection.js";
import type { BucketPlace } from "./bucket-place.js";
import { dateOf } from "./refusal.js";
import type { ServiceClock } from "./service-clock.js";

export interface UnreadableAnswers {
  /** Call it when an answer could be read: nothing is hidden from the page then. */
  answered(): void;
  /**
   * Call it when no answer could be read. The second call in a row while the browser is online sends an unsigned request. If that is
   * answered, it corrects the clock or, if the clock is right, has the key renewed, and does so once until an answer can be read. If it is
   * not answered, the network is dead, and counting begins anew.
   *
   * @returns true if an unsigned request was answered since signed ones are not
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

/** So many lost answers in a row are looked into. */
const suspicious = 2;
const answerTimeoutMs = 10_000;
/** Far below the 15 minutes that the service tolerates, and far above the time that a request travels. */
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
      // The network is dead, which says nothing about the signature.
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

/** @returns the Date of the answer to an unsigned request, be it a refusal; undefined if the page could read no answer to it either */
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
