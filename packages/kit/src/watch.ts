/** When a list of pending uploads may have become untrue, so that the device is worth asking again. It is not asked for progress. */
import type { PendingUpload, Upload, Uploader } from "@ossicle/core";

export class Watch<AppData = unknown> {
  readonly #uploader: Uploader<AppData>;
  readonly #lookAgain: () => void;
  #offered = new Set<string>();
  #known: readonly Upload<AppData>[] = [];
  #phases = "";
  #stop = new AbortController();

  constructor(uploader: Uploader<AppData>, lookAgain: () => void) {
    this.#uploader = uploader;
    this.#lookAgain = lookAgain;
  }

  begin(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#known = this.#uploader.uploads;
    signal.addEventListener(
      "abort",
      this.#uploader.subscribe(() => this.#changed()),
    );
    // Another tab may have gone on with one, or ended. Or the library could not be loaded, and now it can.
    const seen = () => {
      if (document.visibilityState === "visible") this.#lookAgain();
    };
    document.addEventListener("visibilitychange", seen, { signal });
    addEventListener("online", () => this.#lookAgain(), { signal });
  }

  end(): void {
    this.#stop.abort();
  }

  /** What the list holds now. */
  offers(pending: readonly PendingUpload<AppData>[]): void {
    this.#offered = new Set(pending.map(({ key }) => key));
    this.#phases = this.#phasesOfOffered();
  }

  #changed(): void {
    const before = this.#known;
    this.#known = this.#uploader.uploads;
    const phases = this.#phasesOfOffered();
    const isRecognised = phases !== this.#phases;
    this.#phases = phases;
    if (isRecognised || (before !== this.#known && this.#hasLetGo(before))) this.#lookAgain();
  }

  /** An upload to an offered key hides the offer, once its file is recognised. */
  #phasesOfOffered(): string {
    if (this.#offered.size === 0) return "";
    const theirs = this.#uploader.uploads.filter(({ key }) => this.#offered.has(key));
    return theirs.map(({ id, state }) => `${id} ${state.phase}`).join();
  }

  /** One that failed and that the app has taken from its list is offered again. */
  #hasLetGo(before: readonly Upload<AppData>[]): boolean {
    const now = new Set(this.#known);
    return before.some((upload) => !now.has(upload) && !isOver(upload));
  }
}

function isOver({ state }: Upload): boolean {
  return state.phase === "completed" || state.phase === "cancelled";
}
