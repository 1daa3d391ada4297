/** When a list of pending uploads may have become untrue, so that the device is worth asking again. It is not asked for progress. */
import type { PendingUpload, Upload, Uploader } from "@ossicle/core";

/** Of an upload; the text changes with it. */
interface Phase {
  readonly key: string;
  readonly text: string;
}

export class Watch<AppData = unknown> {
  readonly #uploader: Uploader<AppData>;
  readonly #lookAgain: () => void;
  #offered = new Set<string>();
  #known: readonly Upload<AppData>[] = [];
  #asked: readonly Phase[] = [];
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

  /** To be called before the device is asked. */
  asks(): void {
    this.#asked = phasesOf(this.#uploader.uploads);
  }

  /** What the list holds now. */
  offers(pending: readonly PendingUpload<AppData>[]): void {
    this.#offered = new Set(pending.map(({ key }) => key));
    this.#phases = this.#phasesOfOffered();
    // An upload that was recognised or completed while the device was read may be offered for ever.
    if (this.#phases !== this.#ofOffered(this.#asked)) this.#lookAgain();
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
    // Asked ten times a second, of thousands of uploads.
    if (this.#offered.size === 0) return "";
    return this.#ofOffered(phasesOf(this.#uploader.uploads.filter(({ key }) => this.#offered.has(key))));
  }

  #ofOffered(phases: readonly Phase[]): string {
    const theirs = phases.filter(({ key }) => this.#offered.has(key));
    return theirs.map(({ text }) => text).join();
  }

  /** One that failed and that the app has taken from its list is offered again. */
  #hasLetGo(before: readonly Upload<AppData>[]): boolean {
    const now = new Set(this.#known);
    return before.some((upload) => !now.has(upload) && !isOver(upload));
  }
}

function phasesOf(uploads: readonly Upload<never>[] | readonly Upload<unknown>[]): readonly Phase[] {
  return uploads.map(({ id, key, state }) => ({ key, text: `${id} ${state.phase}` }));
}

function isOver({ state }: Upload): boolean {
  return state.phase === "completed" || state.phase === "cancelled";
}
