/** Faults that change the service before it sees the request: its tokens, its uploads, its clock. */
import { refusal } from "../oss-error.js";
import type { Injectors } from "./struck-request.js";

export const serviceFaults: Injectors<"expire-token" | "gone" | "clock-skew"> = {
  "expire-token"(request, { as }) {
    const { tools, exchange } = request;
    request.hit();
    if (tools.expireTokenOf(exchange, as)) return {};
    // A permanent key cannot end: this one request is refused as if it had.
    return { instead: tools.answerTo(exchange, refusal(as ?? "SecurityTokenExpired")) };
  },
  async gone(request) {
    request.hit();
    await request.tools.dropUploadOf(request.exchange);
    return {};
  },
  "clock-skew"(request, { ms }) {
    request.hit();
    request.tools.skewClock(ms);
    return {};
  },
};
