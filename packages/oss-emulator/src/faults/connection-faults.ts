/** Faults that break a connection, or make it wait or slow. */
import { setTimeout as sleep } from "node:timers/promises";
import { Disconnected } from "../http/exchange.js";
import { Pace } from "../http/pace.js";
import type { Injectors } from "./struck-request.js";

export const connectionFaults: Injectors<"refuse" | "reset" | "lose-answer" | "stall" | "hold" | "delay" | "throttle"> =
  {
    refuse(request) {
      request.hit();
      return request.kill("close");
    },
    reset(request, { when, afterBytes }) {
      const point = request.strikePoint(when);
      const act = () => request.reset();
      if (point === "before-body") act();
      if (point === "in-body") request.inBody(afterBytes, act);
      if (point === "after-body") request.beforeEffect(act);
      return {};
    },
    "lose-answer": (request) => ({
      beforeAnswer: async () => {
        request.hit();
        return request.kill("reset");
      },
    }),
    stall(request, { when, afterBytes }) {
      const point = request.strikePoint(when);
      const act = () => request.waitForRelease();
      if (point !== "in-body") return request.pause(act, point);
      request.inBody(afterBytes, act);
      return {};
    },
    hold: (request, { when = "before-answer" }) => request.pause(() => request.waitForRelease(), when),
    delay(request, { ms, when = "before-answer" }) {
      const { signal } = request.exchange;
      const nap = async (): Promise<void> => {
        request.hit();
        await sleep(ms, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) throw new Disconnected("during a delay");
      };
      return request.pause(nap, when);
    },
    throttle(request, { bytesPerSecond }) {
      request.hit();
      request.exchange.bodyPlan = { pace: new Pace(bytesPerSecond) };
      return {};
    },
  };
