/** Waits for the engine where it cannot be loaded now. The page's own, small copy of `store/retrying.ts`, which comes with the engine. */
import { sleepOrRing } from "../bell.js";
import { isUploadError } from "../errors.js";
import { orAborted } from "../or-aborted.js";
import type { Engine, Outlet } from "./engine.js";
import type { Job } from "./job.js";
import { keepRest } from "./keep-rest.js";
import type { UploadTools } from "./upload-tools.js";

/**
 * @throws UploadError after `retry.giveUpAfterMs` online; the signal's reason once it is aborted, and the engine knows of the upload
 * that rests
 */
export async function waitForEngine(
  job: Job,
  tools: UploadTools,
  outlet: Outlet,
  signal: AbortSignal,
): Promise<Engine> {
  try {
    return await loaded(tools, outlet, signal);
  } catch (error) {
    await keepRest(job, tools);
    throw error;
  }
}

async function loaded(
  { engine, clock, retry, online }: Pick<UploadTools, "engine" | "clock" | "retry" | "online">,
  { emit, hurry }: Outlet,
  signal: AbortSignal,
): Promise<Engine> {
  let spentMs = 0;
  for (let delayMs = retry.baseDelayMs; ; delayMs = Math.min(2 * delayMs, retry.maxDelayMs)) {
    try {
      return await orAborted(engine(), signal);
    } catch (error) {
      if (!isUploadError(error) || spentMs >= retry.giveUpAfterMs) throw error;
      const reason = online() ? "backoff" : "offline";
      if (online()) spentMs += delayMs;
      emit({ type: "waiting", waiting: { reason, untilMs: clock.now() + delayMs, error } });
      await sleepOrRing(clock, delayMs, signal, [hurry]);
      emit({ type: "waiting", waiting: null });
    }
  }
}
