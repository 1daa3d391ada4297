/** Faults that change the service before it sees the request: its tokens, its uploads, its clock. */
import { claimedAccessKeyId } from "../auth/verify.js";
import { refusal } from "../oss-error.js";
import type { Injectors } from "./struck-request.js";

export const serviceFaults: Injectors<"expire-token" | "gone" | "clock-skew"> = {
  "expire-token"(request, { as }) {
    const { tools, exchange } = request;
    if (exchange.action === "PostObject") {
      // The form names the key, and is not read yet.
      exchange.beforeVerify = (accessKeyId) => {
        request.hit();
        if (!tools.expireToken(accessKeyId, as)) throw refusal(as ?? "SecurityTokenExpired");
      };
      return {};
    }
    request.hit();
    const { headers, target } = exchange;
    if (tools.expireToken(claimedAccessKeyId(headers.authorization, target.query.pairs), as)) return {};
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
