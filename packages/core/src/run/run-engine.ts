/** Makes the engine that runs uploads in the given world. */
import type { Engine } from "../upload/engine.js";
import type { Job } from "../upload/job.js";
import { fileInfo, infoOf } from "../upload/source.js";
import { cancelUpload } from "./checkpoints/cancel.js";
import { markPaused } from "./checkpoints/mark.js";
import { Notes } from "./checkpoints/notes.js";
import { pendingUploads } from "./checkpoints/pending.js";
import { resumesAll } from "./checkpoints/resume-all.js";
import type { Settings, World } from "./context.js";
import { doneAlready } from "./done-already.js";
import { tellingFile } from "./file/unreadable.js";
import { run } from "./run.js";
import { reporting, runsOf } from "./upload-runs.js";

/** @param also the parts of the engine that have nothing to do with uploads */
export function engineOf(
  outside: Omit<World, "notes">,
  settings: Settings,
  also: Pick<Engine, "diagnose" | "leaves" | "goesOn" | "close">,
): Engine {
  const notes = new Notes(outside, settings.scope, settings.durable);
  const world: World = { ...outside, notes };
  return {
    ...also,
    runsOf: (job, outlet) =>
      (job.memory.done && doneAlready(job.memory.done, outlet)) ??
      runsOf(job, outlet, world.clock, (reporter, signal) =>
        tellingFile(
          () => nameOf(job),
          () => notes.during(job, () => run(world, settings, job, reporter, signal)),
        ),
      ),
    rests: async (job) => {
      await notes.rests(job);
      const { checkpointId } = job.memory;
      if (job.isPaused && checkpointId !== undefined) await markPaused(world, checkpointId);
    },
    cancel: (cancelling) =>
      reporting({ ...cancelling, clock: world.clock }, (reporter) =>
        cancelUpload(world, settings, { ...cancelling, reporter }),
      ),
    pending: (page) => pendingUploads(world, settings, page),
    resumeAll: resumesAll((page) => pendingUploads(world, settings, page)),
  };
}

function nameOf({ memory: { opened, source } }: Job): string {
  const named = opened === undefined ? fileInfo(source) : infoOf(opened.file);
  return (named ?? (source as FileSystemFileHandle)).name;
}
