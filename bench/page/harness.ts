/** What the benchmark calls in the page. */
import type { Ready, Start, Task } from "./contestant.js";
import { type Felt, startProbe } from "./probe.js";

export interface Ran extends Felt {
  readonly ms: number;
  /** Milliseconds since the epoch. */
  readonly beganAt: number;
}

/** What an app was told while it was watched, and could show. */
export interface Told {
  /** Milliseconds since the run began. */
  readonly at: number;
  /** 0 to 1. */
  readonly fraction: number;
  readonly secondsLeft: number | null;
}

let start: Start | undefined;
let ready: Ready | undefined;
let pickedAt: Promise<number> | undefined;
let running: Promise<Ran> | undefined;
let felt: () => Felt;
let began = 0;
let told: Told[] = [];

const bench = {
  /** So that loading is not measured. */
  async load(contestant: string): Promise<void> {
    ({ start, ready } = (await import(`./${contestant}.js`)) as { start: Start; ready?: Ready });
  },
  /** So that what an app has done by the time its user picks a file is not measured either. */
  async ready(task: Task): Promise<void> {
    await ready?.(task);
  },
  async run(task: Task): Promise<Ran> {
    const files = [...(document.querySelector("input")?.files ?? [])];
    if (start === undefined || files.length === 0) throw new Error("nothing is loaded, or no file is picked");
    felt = startProbe(task.frames ?? false);
    told = [];
    began = performance.now();
    await start(files, task);
    const ms = performance.now() - began;
    return { ms, beganAt: performance.timeOrigin + began, ...felt() };
  },
  /** Of a run that is not waited for any longer. */
  feltSoFar: () => ({ beganAt: performance.timeOrigin + began, ...felt() }),
  /** By a contestant that is watched. */
  tell(fraction: number, secondsLeft: number | null = null): void {
    told.push({ at: performance.now() - began, fraction, secondsLeft });
  },
  told: () => told,
  /** Runs as soon as a file is picked. */
  runWhenPicked(task: Task): void {
    pickedAt = new Promise<number>((resolve) => {
      document.querySelector("input")?.addEventListener("change", () => {
        resolve(performance.timeOrigin + performance.now());
        running = bench.run(task);
        // Who reloads the page in the middle never asks for it.
        running.catch(() => {});
      });
    });
  },
  /** Milliseconds since the epoch. */
  pickedAt: () => pickedAt,
  finished: () => running,
  /** Rejects after so many milliseconds. */
  tooLate: (ms: number) =>
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`not finished after ${ms} ms`)), ms);
    }),
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
