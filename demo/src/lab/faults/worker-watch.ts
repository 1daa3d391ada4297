/** Knows the workers that the library has started on this page, so that "Kill a worker" can end one in the middle of its work. */

const running = new Set<Worker>();

/** Call it before the first upload. It replaces `Worker`, because the library has no switch to kill its workers. */
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

/** Ends a worker as the system does when memory is short: the page gets an error event. @returns how many ended: 0 or 1 */
export function killWorker(): number {
  const [worker] = running;
  if (worker === undefined) return 0;
  worker.terminate();
  worker.dispatchEvent(new ErrorEvent("error", { message: "the worker was killed by “Make it hard”" }));
  return 1;
}
