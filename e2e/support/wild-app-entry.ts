/** The app of `wild-stories.ts`, as the page runs it on its uploader. */
import type { Upload, UploadState } from "../../packages/core/src/index.js";
import type { Act, WildStory } from "./wild-stories.js";

/** @returns what is wrong. By then everything is cancelled, and nothing is under way */
export async function playWildly(story: WildStory, key: string): Promise<readonly string[]> {
  const app = new WildApp(story, key);
  await app.play(story.steps);
  await app.endAll();
  return app.faults;
}

class WildApp {
  readonly faults: string[] = [];
  readonly #key: string;
  readonly #uploader = window.ossicle.uploader;
  readonly #files: readonly File[];
  readonly #signals = [new AbortController(), new AbortController()];
  readonly #reactions: WildStory["reactions"][number][];
  readonly #held: Upload[] = [];
  readonly #calls = new Set<Promise<unknown>>();
  readonly #told = new Map<Upload, UploadState>();
  /** Called with every state that any upload tells. */
  readonly #listeners = new Set<() => void>();

  constructor(story: WildStory, key: string) {
    const [picked] = document.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [];
    if (picked === undefined) throw new Error("No file was picked");
    this.#files = [picked, new File([picked], "copy.bin", { lastModified: 1 })];
    this.#reactions = [...story.reactions];
    this.#key = key;
  }

  async play(steps: WildStory["steps"]): Promise<void> {
    for (const { act, after } of steps) {
      await this.#states(after);
      this.#perform(act);
    }
    await this.#allAtRest();
    for (const upload of this.#held) await this.#look(upload);
  }

  async endAll(): Promise<void> {
    // What the cancels set off is no part of the story.
    this.#reactions.length = 0;
    await Promise.all(this.#held.map((upload) => upload.cancel()));
    const isOver = ({ state }: Upload) => ["completed", "cancelled"].includes(state.phase);
    for (const upload of this.#held) if (!isOver(upload)) this.faults.push("not cancelled");
  }

  #perform(act: Act): void {
    const upload = "upload" in act ? this.#held[act.upload % Math.max(1, this.#held.length)] : undefined;
    if (act.do === "upload") this.#upload(act.file, this.#signals[act.signal]?.signal);
    else if (act.do === "abort") this.#signals[act.signal]?.abort();
    else if (act.do === "resume-pending") this.#call(this.#resumePending(act.file));
    else if (act.do === "discard-pending") this.#call(this.#discardPending());
    else if (upload === undefined) return;
    else if (act.do === "remove") this.#remove(upload);
    else if (act.do === "resume") upload.resume();
    else this.#call(upload[act.do]());
  }

  #upload(file: number, signal: AbortSignal | undefined): void {
    this.#hold(this.#uploader.upload(this.#files[file] as File, { key: this.#key, signal }));
  }

  #hold(upload: Upload): void {
    if (this.#held.includes(upload)) return;
    const index = this.#held.push(upload) - 1;
    this.#told.set(upload, upload.state);
    upload.subscribe((state) => {
      this.#told.set(upload, state);
      const next = this.#reactions.findIndex((each) => each.upload === index && each.phase === state.phase);
      for (const { act } of next < 0 ? [] : this.#reactions.splice(next, 1)) this.#perform(act);
      for (const listener of [...this.#listeners]) listener();
    });
  }

  async #resumePending(file: number): Promise<void> {
    const entry = (await this.#uploader.pending()).find((each) => each.key === this.#key);
    if (entry !== undefined) this.#hold(await entry.resume(this.#files[file]));
  }

  async #discardPending(): Promise<void> {
    await (await this.#uploader.pending()).find((each) => each.key === this.#key)?.discard();
  }

  #remove(upload: Upload): void {
    try {
      this.#uploader.remove(upload);
    } catch (error) {
      if ((error as { code?: string }).code !== "invalid-option") this.faults.push(`threw ${String(error)}`);
    }
  }

  #call(promise: Promise<unknown>): void {
    const settled = promise.then(
      () => undefined,
      (error: unknown) => {
        if ((error as { code?: string }).code !== "locked") this.faults.push(`rejected: ${String(error)}`);
      },
    );
    this.#calls.add(settled);
  }

  /** Resolves after so many states, or when there is nothing to wait for. */
  async #states(number: number): Promise<void> {
    for (let left = number; left > 0 && this.#held.some(isWorking); left -= 1) {
      await new Promise<void>((resolve) => {
        const listener = () => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }

  async #allAtRest(): Promise<void> {
    for (let settled = -1; settled !== this.#calls.size || this.#held.some(isWorking); ) {
      settled = this.#calls.size;
      await Promise.all(this.#calls);
      while (this.#held.some(isWorking)) await this.#states(1);
    }
  }

  /** Do state, promise and what was told last agree? */
  async #look(upload: Upload): Promise<void> {
    const { phase } = upload.state;
    const outcome = await outcomeOf(upload);
    const wanted = { failed: "UploadError", stopped: "AbortError" }[phase as string] ?? phase;
    const fits = phase === "cancelled" ? outcome === "AbortError" || outcome === "UploadError" : outcome === wanted;
    if (!fits) this.faults.push(`${phase}, but finished is ${outcome}`);
    const told = this.#told.get(upload);
    if (told !== upload.state) this.faults.push(`${phase}, but told ${told?.phase}`);
  }
}

function isWorking({ state }: Upload): boolean {
  return ["queued", "preparing", "uploading", "completing"].includes(state.phase);
}

/** @returns "completed", the name of the error, or "paused" for one that is not settled */
async function outcomeOf({ finished }: Upload): Promise<string> {
  const settled = finished.then(
    () => "completed",
    (error: unknown) => (error as Error).name,
  );
  return await Promise.race([settled, new Promise<string>((resolve) => setTimeout(() => resolve("paused")))]);
}
