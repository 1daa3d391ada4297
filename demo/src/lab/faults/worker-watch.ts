/** Knows the workers that the library has started on this page, so that one can be ended in the middle of its work. */

const running = new Set<Worker>();

/** Before the first upload. The library has no such switch, and needs none: browsers end workers without asking anybody. */
export function watchWorkers(): void {
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      running.add(this);
    }

    override terminate(): void {
      running.delete(this);
      super.terminate();
    }
  };
}

/** As when the system takes its memory away: it is gone, and the page gets an error event. @returns how many ended: 0 or 1 */
export function killWorker(): number {
  const [worker] = running;
  if (worker === undefined) return 0;
  worker.terminate();
  worker.dispatchEvent(new ErrorEvent("error", { message: "the worker was killed by “Make it hard”" }));
  return 1;
}
