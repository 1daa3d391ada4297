/** The engine that runs uploads in a world. */
import type { Engine } from "../upload/engine.js";
import { cancelUpload } from "./checkpoints/cancel.js";
import { pendingUploads } from "./checkpoints/pending.js";
import type { Settings, World } from "./context.js";
import { run } from "./run.js";

/** @param also what is no upload's business */
export function engineOf(world: World, settings: Settings, also: Pick<Engine, "diagnose" | "close">): Engine {
  return {
    ...also,
    run: (job, reporter, signal) => run(world, settings, job, reporter, signal),
    cancel: (cancelling) => cancelUpload(world, settings, cancelling),
    pending: (page) => pendingUploads(world, settings, page),
  };
}
