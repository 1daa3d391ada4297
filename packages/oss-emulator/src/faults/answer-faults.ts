/** Faults that change the answer, or put another in its place. */
import { OssError, refusal } from "../oss-error.js";
import { proxyPage, withOtherDigests } from "./false-answers.js";
import type { Injectors } from "./struck-request.js";

export const answerFaults: Injectors<
  "wrong-etag" | "slow-down" | "error" | "html" | "stranger" | "without-cors" | "truncate-answer" | "callback-failed"
> = {
  "wrong-etag": (request) => request.changeAnswer(withOtherDigests),
  "slow-down"(request, { code = "UploadTrafficRateLimitExceeded", delayMs, retryAfterSeconds }) {
    const headers = {
      ...(delayMs === undefined ? {} : { "x-oss-qos-delay-time": String(delayMs) }),
      ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
    };
    const error = new OssError(code, 503, "Please reduce your request rate.", { headers });
    return request.answerInstead(request.tools.answerTo(request.exchange, error));
  },
  error(request, { status, code, message = "By a fault of the emulator.", headers = {}, effect, cors }) {
    const error = new OssError(code, status, message, { headers });
    const answer = { ...request.tools.answerTo(request.exchange, error), isUnreadable: cors === false };
    return request.answerInstead(answer, effect);
  },
  html: (request, { status, cors, effect }) =>
    request.answerInstead(request.foreignAnswer(proxyPage(status), cors), effect),
  stranger(request, { status = 200, body = "", headers = {}, location, cors, effect }) {
    const all = { ...headers, ...(location === undefined ? {} : { Location: location }) };
    return request.answerInstead(request.foreignAnswer({ status, headers: all, body }, cors), effect);
  },
  "without-cors": (request, { refusals = false }) => ({
    beforeAnswer: async (answer) => {
      if (refusals && answer.status < 400) return answer;
      request.hit();
      return { ...answer, isUnreadable: true };
    },
  }),
  "truncate-answer": (request) =>
    request.changeAnswer((answer) =>
      typeof answer.body === "string" && answer.body !== ""
        ? { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) }
        : answer,
    ),
  "callback-failed": (request) => ({
    beforeAnswer: async (answer) => {
      // The service makes no callback for a refused request.
      if (answer.status >= 300) return answer;
      request.hit();
      const failed = request.tools.answerTo(request.exchange, refusal("CallbackFailed"));
      return { ...failed, headers: { ...answer.headers, ...failed.headers } };
    },
  }),
};
