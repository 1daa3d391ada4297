/** The runs of one upload: each has a reporter of its own, and all count with one meter. Law: nothing outlives its run. */
import type { Progress, UploadResult } from "../api/upload.js";
import type { Clock } from "../platform/clock.js";
import type { Outlet, Runs } from "../upload/engine.js";
import type { Job } from "../upload/job.js";
import { ProgressMeter } from "./progress/progress-meter.js";
import { Reporter } from "./progress/reporter.js";

type Act<T> = (reporter: Reporter) => Promise<T>;

/** @param act runs the upload once */
export function runsOf(
  job: Job,
  outlet: Outlet,
  clock: Clock,
  act: (reporter: Reporter, signal: AbortSignal) => Promise<UploadResult>,
): Runs {
  const meter = new ProgressMeter(() => clock.elapsed());
  meter.wasShown(job.memory.shown);
  meter.fileIs(job.file?.size ?? 0);
  return {
    run: (signal) =>
      reporting({ job, outlet, clock, meter }, (reporter) => act(reporter, signal)).finally(() => meter.rest()),
    get progress(): Progress {
      return meter.snapshot();
    },
    get arrivedBytes(): number {
      return meter.arrivedBytes;
    },
    get leftBytes(): number {
      return meter.leftBytes;
    },
    partMap: () => meter.partMap(),
    partStarts: () => meter.partStarts(),
  };
}

interface Reported {
  readonly job: Job;
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** Default: one that nobody looks at. */
  readonly meter?: ProgressMeter;
}

/** Calls `act` with a reporter that ends with it. */
export async function reporting<T>({ job, outlet, clock, meter }: Reported, act: Act<T>): Promise<T> {
  const reporter = new Reporter({
    ...outlet,
    ...{ clock, priority: job.priority, meter: meter ?? new ProgressMeter(() => clock.elapsed()) },
  });
  try {
    return await act(reporter);
  } finally {
    await reporter.close();
  }
}
