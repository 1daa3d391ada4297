/** Makes a fault happen to a request: at the socket, to its bytes, to the answer, or to the world it comes into. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ExpiredTokenCode } from "../auth/accounts.js";
import { type Answer, Disconnected, type Exchange } from "../http/exchange.js";
import { Pace } from "../http/pace.js";
import { OssError, refusal } from "../oss-error.js";
import { namingOthers, proxyPage } from "./false-answers.js";
import type { Strike } from "./fault-list.js";

/** What faults may change beside the request itself. */
export interface World {
  /** Ends the token that signed the request. @returns false when it was not signed with one */
  expireTokenOf(exchange: Exchange, as: ExpiredTokenCode | undefined): boolean;
  dropUploadOf(exchange: Exchange): Promise<void>;
  skewClock(ms: number): void;
  corsHeaders(exchange: Exchange): Readonly<Record<string, string>>;
  /** A refusal as the service would answer it. */
  answerTo(exchange: Exchange, error: OssError): Answer;
}

/** What is left to do once the operation has answered. */
export interface Injection {
  /** Stands in for the operation: it never sees the request. */
  readonly instead?: Answer;
  beforeAnswer?(answer: Answer): Promise<Answer>;
}

type StrikeAt = (exchange: Exchange) => Promise<void> | void;

function kill(exchange: Exchange, how: "reset" | "close"): never {
  // Told before the client can notice: a test that sees the connection die finds the log in order.
  exchange.entry.phase = "dropped";
  exchange.touch();
  if (how === "reset") exchange.socket.resetAndDestroy();
  else exchange.socket.destroy();
  throw new Disconnected("by a fault");
}

/** Where a fault strikes that may strike in the body: a request without one never gets there. */
function place<T extends string>(exchange: Exchange, when: T | "in-body" | undefined): T | "in-body" | "before-body" {
  if (when !== undefined) return when;
  return exchange.headers["transfer-encoding"] === undefined && expectedBytes(exchange) === 0
    ? "before-body"
    : "in-body";
}

function expectedBytes({ headers }: Exchange): number {
  return Number(headers["content-length"] ?? 0);
}

/** Runs `act` once, when so many bytes of the body have come, or when all have if they are fewer. */
function inBody(exchange: Exchange, afterBytes: number | undefined, act: StrikeAt): void {
  const whole = expectedBytes(exchange);
  const threshold = Math.min(afterBytes ?? Math.floor(whole / 2), whole);
  let isDone = false;
  exchange.bodyPlan = {
    before: async (bytesSoFar) => {
      if (isDone || bytesSoFar < threshold) return;
      isDone = true;
      await act(exchange);
    },
  };
}

function beforeEffect(exchange: Exchange, act: StrikeAt): void {
  exchange.beforeEffect = async () => act(exchange);
}

/** One bit of the first piece that has any bytes. */
function flipOneBit(exchange: Exchange, strike: Strike): void {
  exchange.bodyPlan = {
    transform: (bytes, bytesSoFar) => {
      if (bytesSoFar > 0 || bytes.length === 0) return bytes;
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      strike.hit(exchange.entry);
      return bytes;
    },
  };
}

/** Sets the exchange up for its fault. May already end it. */
export async function inject(exchange: Exchange, strike: Strike, world: World): Promise<Injection> {
  const { fault } = strike;
  const { entry, signal } = exchange;
  const strikeBy =
    (act: StrikeAt): StrikeAt =>
    async () => {
      strike.hit(entry);
      await act(exchange);
    };
  const die = strikeBy(() => kill(exchange, "reset"));
  const wait = strikeBy(async () => {
    await strike.released(signal);
    if (signal.aborted) throw new Disconnected("while it was kept waiting");
  });
  const answerWith = (change: (answer: Answer) => Answer | Promise<Answer>): Injection => ({
    beforeAnswer: async (answer) => {
      strike.hit(entry);
      return change(answer);
    },
  });
  const refuseWith = (error: OssError): Injection => {
    strike.hit(entry);
    return { instead: world.answerTo(exchange, error) };
  };
  /** @param effect true: once what was asked for has happened, or was refused */
  const replaceBy = (answer: Answer, effect: boolean | undefined): Injection => {
    if (effect === true) return answerWith(() => answer);
    strike.hit(entry);
    return { instead: answer };
  };
  const foreign = (answer: Pick<Answer, "status" | "headers" | "body">, cors: boolean | undefined): Answer => ({
    ...answer,
    headers: { ...(cors === false ? {} : world.corsHeaders(exchange)), ...answer.headers },
    isForeign: true,
  });
  const pause = async (act: StrikeAt, when: "before-body" | "before-effect" | "before-answer"): Promise<Injection> => {
    if (when === "before-body") await act(exchange);
    if (when === "before-effect") beforeEffect(exchange, act);
    if (when !== "before-answer") return {};
    return {
      beforeAnswer: async (answer) => {
        await act(exchange);
        return answer;
      },
    };
  };

  switch (fault.kind) {
    case "refuse":
      strike.hit(entry);
      return kill(exchange, "close");
    case "reset": {
      const when = place(exchange, fault.when);
      if (when === "before-body") await die(exchange);
      if (when === "in-body") inBody(exchange, fault.afterBytes, die);
      if (when === "after-body") beforeEffect(exchange, die);
      return {};
    }
    case "stall": {
      const when = place(exchange, fault.when);
      if (when !== "in-body") return pause(wait, when);
      inBody(exchange, fault.afterBytes, wait);
      return {};
    }
    case "hold":
      return pause(wait, fault.when ?? "before-answer");
    case "delay": {
      const nap = strikeBy(async () => {
        await sleep(fault.ms, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) throw new Disconnected("during a delay");
      });
      return pause(nap, fault.when ?? "before-answer");
    }
    case "lose-answer":
      return answerWith(() => kill(exchange, "reset"));
    case "corrupt":
      exchange.trustsContentMd5 = fault.what !== "received";
      flipOneBit(exchange, strike);
      return {};
    case "wrong-etag":
      return answerWith(namingOthers);
    case "opaque-etag":
      exchange.hidesMd5 = true;
      return {
        beforeAnswer: async (answer) => {
          // A refusal, and the answer to a request without a body, names no bytes that it could hide.
          if (exchange.hasHiddenMd5) strike.hit(entry);
          return answer;
        },
      };
    case "slow-down": {
      const { code = "UploadTrafficRateLimitExceeded", delayMs, retryAfterSeconds } = fault;
      const headers = {
        ...(delayMs === undefined ? {} : { "x-oss-qos-delay-time": String(delayMs) }),
        ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
      };
      return refuseWith(new OssError(code, 503, "Please reduce your request rate.", { headers }));
    }
    case "error": {
      const error = new OssError(fault.code, fault.status, fault.message ?? "By a fault of the emulator.", {
        headers: fault.headers ?? {},
      });
      const answer = { ...world.answerTo(exchange, error), isUnreadable: fault.cors === false };
      return replaceBy(answer, fault.effect);
    }
    case "html":
      return replaceBy(foreign(proxyPage(fault.status), fault.cors), fault.effect);
    case "stranger": {
      const { status = 200, body = "", headers = {}, location, cors, effect } = fault;
      const all = { ...headers, ...(location === undefined ? {} : { Location: location }) };
      return replaceBy(foreign({ status, headers: all, body }, cors), effect);
    }
    case "without-cors":
      return {
        beforeAnswer: async (answer) => {
          if (fault.refusals === true && answer.status < 400) return answer;
          strike.hit(entry);
          return { ...answer, isUnreadable: true };
        },
      };
    case "truncate-answer":
      return answerWith((answer) =>
        typeof answer.body === "string"
          ? { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
          : answer,
      );
    case "request-timeout": {
      inBody(
        exchange,
        undefined,
        strikeBy(() => {
          throw refusal("RequestTimeout");
        }),
      );
      return {};
    }
    case "expire-token":
      strike.hit(entry);
      if (world.expireTokenOf(exchange, fault.as)) return {};
      return { instead: world.answerTo(exchange, refusal(fault.as ?? "SecurityTokenExpired")) };
    case "gone":
      strike.hit(entry);
      await world.dropUploadOf(exchange);
      return {};
    case "callback-failed":
      return {
        // Nobody is called back for what did not happen.
        beforeAnswer: async (answer) => {
          if (answer.status >= 300) return answer;
          strike.hit(entry);
          const failed = world.answerTo(exchange, refusal("CallbackFailed"));
          return { ...failed, headers: { ...answer.headers, ...failed.headers } };
        },
      };
    case "throttle":
      strike.hit(entry);
      exchange.bodyPlan = { pace: new Pace(fault.bytesPerSecond) };
      return {};
    case "clock-skew":
      strike.hit(entry);
      world.skewClock(fault.ms);
      return {};
  }
}
