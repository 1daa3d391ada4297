/** Would the file of an upload be lost with its page, because nobody has opened or noted it yet? */
import type { Job } from "../upload/job.js";

export function isQueued(job: Job | undefined): boolean {
  if (job === undefined || job.isPaused || job.isStopped || job.isCancelled) return false;
  const { opened, note, isBegun } = job.memory;
  return opened === undefined && note === undefined && !isBegun;
}
