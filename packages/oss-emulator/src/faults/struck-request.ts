/** A request that a fault applies to, and the ways in which a fault can strike it: at the socket, in the body, at the answer. */
import type { ExpiredTokenCode } from "../auth/accounts.js";
import { type Answer, Disconnected, type Exchange } from "../http/exchange.js";
import type { OssError } from "../oss-error.js";
import type { Fault, FaultKind } from "./fault.js";
import type { Strike } from "./fault-list.js";

/** The parts of the emulator that faults use and change, beside the request itself. */
export interface FaultTools {
  /** Ends the token of that access key. @returns false if it is no token's */
  expireToken(accessKeyId: string | undefined, as: ExpiredTokenCode | undefined): boolean;
  /** Removes the upload that the request names, and its parts. */
  dropUploadOf(exchange: Exchange): Promise<void>;
  /** Sets how many milliseconds the service's clock is ahead. */
  skewClock(ms: number): void;
  /** The CORS headers that the bucket's rules give to the answer. */
  corsHeaders(exchange: Exchange): Readonly<Record<string, string>>;
  /** The answer that the service gives for an error. */
  answerTo(exchange: Exchange, error: OssError): Answer;
}

/** What a fault leaves to do in place of the operation, or after it. */
export interface Injection {
  /** The answer in place of the operation, which then does not run. */
  readonly instead?: Answer;
  /** Changes, delays or withholds the operation's answer. */
  beforeAnswer?(answer: Answer): Promise<Answer>;
}

/** Prepares a request for one kind of fault. May end the connection at once. */
export type Injector<Kind extends FaultKind> = (
  request: StruckRequest,
  fault: Extract<Fault, { readonly kind: Kind }>,
) => Injection | Promise<Injection>;

/** One injector for each kind of fault. */
export type Injectors<Kinds extends FaultKind = FaultKind> = { readonly [Kind in Kinds]: Injector<Kind> };

type Act = () => Promise<void> | void;

export class StruckRequest {
  readonly exchange: Exchange;
  readonly tools: FaultTools;
  readonly #strike: Strike;

  constructor(exchange: Exchange, strike: Strike, tools: FaultTools) {
    this.exchange = exchange;
    this.tools = tools;
    this.#strike = strike;
  }

  /** Counts a hit: the fault has really struck. */
  hit(): void {
    this.#strike.hit(this.exchange.entry);
  }

  /** Ends the connection. @throws Disconnected always */
  kill(how: "reset" | "close"): never {
    const { exchange } = this;
    // Logged first, so that a test that sees the connection die finds the log up to date.
    exchange.entry.phase = "dropped";
    exchange.touch();
    if (how === "reset") exchange.socket.resetAndDestroy();
    else exchange.socket.destroy();
    throw new Disconnected("by a fault");
  }

  /** Counts a hit and resets the connection. */
  reset(): void {
    this.hit();
    this.kill("reset");
  }

  /** Counts a hit and waits until the fault is released. @throws Disconnected if the client leaves before */
  async waitForRelease(): Promise<void> {
    this.hit();
    const { signal } = this.exchange;
    await this.#strike.released(signal);
    if (signal.aborted) throw new Disconnected("while it was kept waiting");
  }

  /** `when`, or the default of a fault that can strike in the body: a request without a body is struck before it. */
  strikePoint<T extends string>(when: T | "in-body" | undefined): T | "in-body" | "before-body" {
    if (when !== undefined) return when;
    const hasBody = this.exchange.headers["transfer-encoding"] !== undefined || this.#bodyBytes > 0;
    return hasBody ? "in-body" : "before-body";
  }

  get #bodyBytes(): number {
    return Number(this.exchange.headers["content-length"] ?? 0);
  }

  /** Runs `act` once, when `afterBytes` (default: half) of the body have come, or all of a shorter body. */
  inBody(afterBytes: number | undefined, act: Act): void {
    const threshold = Math.min(afterBytes ?? Math.floor(this.#bodyBytes / 2), this.#bodyBytes);
    let isDone = false;
    this.exchange.bodyPlan = {
      before: async (bytesSoFar) => {
        if (isDone || bytesSoFar < threshold) return;
        isDone = true;
        await act();
      },
    };
  }

  /** Runs `act` when the body has been read and before the operation changes anything. */
  beforeEffect(act: Act): void {
    this.exchange.beforeEffect = async () => act();
  }

  /** Runs `act`, which may wait, at that point of the request. */
  async pause(act: Act, when: "before-body" | "before-effect" | "before-answer"): Promise<Injection> {
    if (when === "before-body") await act();
    if (when === "before-effect") this.beforeEffect(act);
    if (when !== "before-answer") return {};
    return {
      beforeAnswer: async (answer) => {
        await act();
        return answer;
      },
    };
  }

  /** Lets the operation run and changes its answer. It counts a hit if `change` returns another answer than it was given. */
  changeAnswer(change: (answer: Answer) => Answer): Injection {
    return {
      beforeAnswer: async (answer) => {
        const changed = change(answer);
        if (changed !== answer) this.hit();
        return changed;
      },
    };
  }

  /** Answers in place of the operation; with `effect: true` the operation runs first, and only its answer is replaced. */
  answerInstead(answer: Answer, effect = false): Injection {
    if (effect) return this.changeAnswer(() => answer);
    this.hit();
    return { instead: answer };
  }

  /** An answer of somebody else than the service: without the service's headers, with the bucket's CORS headers unless `cors` is false. */
  foreignAnswer(answer: Pick<Answer, "status" | "headers" | "body">, cors = true): Answer {
    const corsHeaders = cors ? this.tools.corsHeaders(this.exchange) : {};
    return { ...answer, headers: { ...corsHeaders, ...answer.headers }, isForeign: true };
  }
}
