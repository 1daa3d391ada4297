/** Makes the engine that runs uploads in the given world. */
import type { Engine, Outlet } from "../upload/engine.js";
import type { Job } from "../upload/job.js";
import { fileInfo, infoOf } from "../upload/source.js";
import { cancelUpload } from "./checkpoints/cancel.js";
import { markPaused } from "./checkpoints/mark.js";
import { Notes } from "./checkpoints/notes.js";
import { pendingUploads } from "./checkpoints/pending.js";
import { resumesAll } from "./checkpoints/resume-all.js";
import type { Settings, World, WorldOutside } from "./context.js";
import { doneAlready } from "./done-already.js";
import { tellingFile } from "./file/unreadable.js";
import { FilesLeft } from "./files-left.js";
import { run } from "./run.js";
import { reporting, runsOf } from "./upload-runs.js";

/** @param also the parts of the engine that have nothing to do with uploads */
export function engineOf(
  outside: WorldOutside,
  settings: Settings,
  also: Pick<Engine, "diagnose" | "leaves" | "goesOn"> & { readonly close: (releaseFiles: boolean) => void },
): Engine {
  const notes = new Notes(outside, settings.scope, settings.durable);
  const files = new FilesLeft(outside);
  const world: World = { ...outside, notes, files };
  return {
    ...also,
    runsOf: (job, outlet) => {
      if (job.memory.done !== undefined) return doneAlready(job.memory.done, outlet);
      const isOver = files.add(job);
      return runsOf(job, lookingFor(files, outlet), world.clock, async (reporter, signal) => {
        const noted = job.memory.note?.id;
        const result = await tellingFile(
          () => nameOf(job),
          () => notes.during(job, () => run(world, settings, job, reporter, signal)),
        );
        isOver();
        files.completed([job.memory.checkpointId, noted]);
        return result;
      });
    },
    close: async (releaseFiles) => {
      also.close(releaseFiles);
      await files.close(releaseFiles);
    },
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

/** A keeper is looked for when there is something to keep, not before. */
function lookingFor(files: FilesLeft, outlet: Outlet): Outlet {
  let isResumable = false;
  return {
    ...outlet,
    emit: (event) => {
      if (event.type === "resumable") isResumable = event.resumable;
      if (isResumable) files.look();
      outlet.emit(event);
    },
  };
}

function nameOf({ memory: { opened, source } }: Job): string {
  const named = opened === undefined ? fileInfo(source) : infoOf(opened.file);
  return (named ?? (source as FileSystemFileHandle)).name;
}
