/** Faults of a body on its way into the store, and of the name under which it is stored. */
import { refusal } from "../oss-error.js";
import type { Injectors, StruckRequest } from "./struck-request.js";

/** Flips one bit of the body's first bytes. */
function flipOneBit(request: StruckRequest): void {
  request.exchange.bodyPlan = {
    transform: (bytes, bytesSoFar) => {
      if (bytesSoFar > 0 || bytes.length === 0) return bytes;
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      request.hit();
      return bytes;
    },
  };
}

export const bodyFaults: Injectors<"corrupt" | "opaque-etag" | "request-timeout"> = {
  corrupt(request, { what = "stored" }) {
    request.exchange.trustsContentMd5 = what === "stored";
    flipOneBit(request);
    return {};
  },
  "opaque-etag"(request) {
    request.exchange.hidesMd5 = true;
    return {
      beforeAnswer: async (answer) => {
        // Only a body that was stored has got such an ETag. A refused request, or one without a body, is no hit.
        if (request.exchange.hasHiddenMd5) request.hit();
        return answer;
      },
    };
  },
  "request-timeout"(request) {
    request.inBody(undefined, () => {
      request.hit();
      throw refusal("RequestTimeout");
    });
    return {};
  },
};
