/** Makes the engine that runs uploads in the given world. */
import { isUploadError } from "../errors.js";
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
  const files = new FilesLeft(outside, { store: outside.store, scope: settings.scope }, (job) => notes.noteOf(job));
  const world: World = { ...outside, notes, files };
  return {
    ...also,
    goesOn: () => files.isKept || (also.goesOn() && !files.hasQueued),
    runsOf: (job, outlet) => {
      if (job.memory.done !== undefined) return doneAlready(job.memory.done, outlet);
      job.memory.since ??= world.clock.now();
      let isOver: (() => void) | undefined = files.add(job);
      const over = (noted: string | undefined) => {
        isOver?.();
        isOver = undefined;
        files.over(job, noted);
      };
      return runsOf(job, lookingFor(files, outlet), world.clock, async (reporter, signal) => {
        const noted = job.memory.note?.id;
        isOver ??= files.add(job);
        try {
          const result = await tellingFile(
            () => nameOf(job),
            () => notes.during(job, () => run(world, settings, job, reporter, signal)),
          );
          over(noted);
          return result;
        } catch (error) {
          // No later page can go on with it: its note goes as well.
          if (isUploadError(error) && !error.resumable) over(noted);
          throw error;
        }
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
    cancel: (cancelling) => {
      files.over(cancelling.job, cancelling.job.memory.note?.id);
      return reporting({ ...cancelling, clock: world.clock }, (reporter) =>
        cancelUpload(world, settings, { ...cancelling, reporter }),
      );
    },
    pending: (page) => pendingUploads(world, settings, page),
    resumeAll: resumesAll((page) => pendingUploads(world, settings, page)),
  };
}

function lookingFor(files: FilesLeft, outlet: Outlet): Outlet {
  return {
    ...outlet,
    emit: (event) => {
      files.look(event.type === "resumable");
      outlet.emit(event);
    },
  };
}

function nameOf({ memory: { opened, source } }: Job): string {
  const named = opened === undefined ? fileInfo(source) : infoOf(opened.file);
  return (named ?? (source as FileSystemFileHandle)).name;
}
