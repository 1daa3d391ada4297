/** What the runs of an upload have counted, for handle and batch: nothing before the first run, and no parts once it is completed. */
import type { Progress } from "../api/upload.js";
import type { Runs } from "./engine.js";

export class Counts {
  #runs: Runs | undefined;
  /** Of runs that were let go. */
  #arrivedBytes = 0;

  /** undefined before the first run, and once it is completed. */
  get progress(): Progress | undefined {
    return this.#runs?.progress;
  }

  /** Bytes that this page has brought to the store, as well as can be told. It shrinks when a part in flight is lost. */
  get arrivedBytes(): number {
    return this.#arrivedBytes + (this.#runs?.arrivedBytes ?? 0);
  }

  /** Bytes that have not arrived, as well as can be told. undefined before the first run: none has. */
  get leftBytes(): number | undefined {
    return this.#runs?.leftBytes;
  }

  partMap(): Uint8Array {
    return this.#runs?.partMap() ?? new Uint8Array(0);
  }

  partStarts(): Float64Array {
    return this.#runs?.partStarts() ?? new Float64Array(0);
  }

  /** @param make called for the first run */
  runs(make: () => Runs): Runs {
    this.#runs ??= make();
    return this.#runs;
  }

  letGo(): void {
    this.#arrivedBytes = this.arrivedBytes;
    this.#runs = undefined;
  }
}
