/** Plays a story: acts in order, with as much of the world's own time between them as the story says. Nothing takes real time. */
import { readHead } from "../../../src/checkpoint/records.js";
import { ManualClock } from "../../doubles/manual-clock.js";
import { bytesOf } from "../../doubles/memory-file.js";
import { Universe } from "../../world/page.js";
import type { HeldUpload } from "./held-upload.js";
import type { Shakes } from "./shaky-world.js";
import { type Meanwhile, type Step, type Story, tabCount } from "./story.js";
import { Tab } from "./tab.js";

/** Turns of the world after which a story would never end. The longest takes a few hundred. */
const endless = 20_000;

export class Stage {
  readonly universe = new Universe();
  readonly clock = new ManualClock();
  readonly tabs: Tab[];
  readonly #story: Story;
  readonly #shakes: Shakes;
  /** Every object that was stored, by version. */
  readonly #versions = new Map<string, Uint8Array>();
  /** Upload ids that a killed page was told of and could not write down. */
  readonly #lost = new Set<string>();

  constructor(story: Story) {
    this.#story = story;
    this.#shakes = { random: randomBy(story.seed), slowestMs: story.slowestMs, faultsLeft: story.faults };
    this.tabs = Array.from({ length: tabCount }, () => this.#newTab());
    this.#keepVersions();
  }

  /** @returns what is wrong */
  async play(): Promise<string[]> {
    const faults: string[] = [];
    for (const step of this.#story.steps) {
      await this.#take(step);
      faults.push(...(await this.#faultsWhileRunning()));
    }
    await this.#rest();
    faults.push(...(await this.#faultsAtRest()).map((fault) => `at rest: ${fault}`));
    if (faults.length > 0) return faults;
    faults.push(...(await this.#faultsOfOneMore()).map((fault) => `one more: ${fault}`));
    for (const tab of this.#living()) tab.perform({ do: "close" });
    await this.#rest();
    faults.push(...(await this.#faultsAtRest()).map((fault) => `closed: ${fault}`));
    faults.push(...(await this.#faultsOfLastPage()).map((fault) => `at last: ${fault}`));
    return faults;
  }

  /** Nothing that has happened is in the way of another upload of each tab. */
  async #faultsOfOneMore(): Promise<string[]> {
    this.#shakes.faultsLeft = 0;
    const faults: string[] = [];
    for (const tab of this.#living()) {
      tab.calm();
      if (tab.isClosed) continue;
      tab.perform({ do: "upload", file: 0, key: "one-more.bin", signal: -1, extra: {} });
      await this.#rest();
      const phase = tab.latest?.upload.state.phase;
      if (phase !== "completed") faults.push(`it is ${phase}`);
    }
    return [...faults, ...(await this.#faultsAtRest())];
  }

  /** A later page, whose requests succeed, sweeps what was left to it, and is offered all the rest. */
  async #faultsOfLastPage(): Promise<string[]> {
    this.#shakes.faultsLeft = 0;
    const tab = this.#newTab();
    this.tabs.push(tab);
    for (let left = (await this.universe.disk.checkpoints.list()).length; left > 0; left -= 1) {
      tab.perform({ do: "discard-pending" });
      await this.#rest();
    }
    tab.perform({ do: "discard-pending" });
    await this.#rest();
    const { server, disk } = this.universe;
    const left = (await disk.checkpoints.list()).map(({ id }) => `checkpoint ${id}`);
    const known = new Set(this.tabs.flatMap(({ world }) => [...world.uploadIds]));
    const excused = this.#excused();
    for (const id of server.uploads.keys()) if (known.has(id) && !excused.has(id)) left.push(`upload id ${id}`);
    return [...left, ...(await this.#faultsAtRest())];
  }

  async #take({ tab: index, act, meanwhile }: Step): Promise<void> {
    const tab = this.tabs[index] as Tab;
    if (act.do === "kill") await this.#kill(index, tab);
    else tab.perform(act);
    await this.#let(meanwhile);
  }

  /** The user opens the page anew. */
  async #kill(index: number, tab: Tab): Promise<void> {
    await tab.page.kill();
    const saved = await this.#savedIds();
    for (const id of tab.world.uploadIds) if (!saved.has(id)) this.#lost.add(id);
    this.tabs[index] = this.#newTab();
  }

  async #let({ kind, count }: Meanwhile): Promise<void> {
    switch (kind) {
      case "nothing":
        return;
      case "microtasks":
        for (let left = count; left > 0; left -= 1) await null;
        return;
      case "turns":
        for (let left = count; left > 0; left -= 1) await turn();
        return;
      case "ms":
        return await this.#pass(count);
      case "rest":
        return await this.#rest();
    }
  }

  async #pass(ms: number): Promise<void> {
    const until = this.clock.elapsed() + ms;
    await turn();
    while ((this.clock.nextAt ?? until) < until) {
      this.clock.advanceToNext();
      await turn();
    }
    this.clock.advance(until - this.clock.elapsed());
    await this.universe.landLate();
  }

  /** Until nothing more happens by itself. */
  async #rest(): Promise<void> {
    for (let turns = 0; turns < endless; turns += 1) {
      await turn();
      if (this.universe.late.length > 0) await this.universe.landLate();
      else if (!this.clock.advanceToNext()) {
        await turn();
        if (this.clock.sleepers === 0) return;
      }
    }
    throw new Error("It never comes to rest");
  }

  #living(): Tab[] {
    return this.tabs.filter(({ page }) => !page.dead);
  }

  async #faultsWhileRunning(): Promise<string[]> {
    const faults: string[] = [];
    const resumable: HeldUpload[] = [];
    for (const tab of this.#living()) {
      for (const held of tab.held.values()) {
        faults.push(...held.whileRunning());
        if (held.isResumable) resumable.push(held);
      }
      // Whoever rests, rests: only what was cancelled or left by earlier pages is cleared away in the background.
      if (tab.isIdle)
        faults.push(...[...tab.world.underWay.keys()].map((name) => `all rest, but ${name} is under way`));
    }
    const saved = new Set((await this.universe.disk.checkpoints.list()).map(({ id }) => id));
    for (const held of resumable) {
      if (held.isResumable && !saved.has(held.upload.checkpointId ?? "")) faults.push("resumable without a checkpoint");
    }
    return faults;
  }

  async #faultsAtRest(): Promise<string[]> {
    const faults: string[] = [];
    for (const [index, tab] of this.tabs.entries()) {
      for (const fault of this.#ofTab(tab)) faults.push(`tab ${index}: ${fault}`);
    }
    for (const name of this.universe.locks.heldNames) faults.push(`lock ${name}`);
    faults.push(...(await this.#openIds()));
    return faults;
  }

  *#ofTab({ world, held, calls, faults, page, isClosed, shown }: Tab): Generator<string> {
    yield* faults;
    for (const [name, count] of world.underWay) yield `${count} ${name} under way`;
    for (const name of calls.values()) yield `${name} never comes back`;
    for (const part of world.sentTwice) yield `part sent twice: ${part}`;
    for (const each of held.values()) {
      for (const fault of each.atRest()) yield `${each.upload.key}: ${fault}`;
      const { state } = each.upload;
      if (isClosed && state.phase === "paused") yield "closed and paused";
      if (state.phase !== "completed") continue;
      const stored = this.#versions.get(state.result.versionId ?? "");
      if (stored === undefined || Buffer.compare(stored, bytesOf(each.source) as Uint8Array) !== 0) yield "other bytes";
    }
    const { moving, losable } = page.activity;
    if (moving || losable) yield `moving: ${moving}, losable: ${losable}`;
    const { progress, uploads } = page.uploader;
    if (!isClosed && JSON.stringify(shown) !== JSON.stringify(progress)) yield "progress that nobody was told of";
    if (uploads.every(({ state }) => state.phase !== "paused") && progress.storedBytes !== progress.totalBytes) {
      yield `a batch that ends at ${progress.storedBytes} of ${progress.totalBytes}`;
    }
  }

  async #openIds(): Promise<string[]> {
    const saved = await this.#savedIds();
    const excused = this.#excused();
    const known = this.tabs.flatMap(({ world }) => [...world.uploadIds]);
    return known
      .filter((id) => this.universe.server.uploads.has(id) && !saved.has(id) && !excused.has(id))
      .map((id) => `upload id without a checkpoint: ${id}`);
  }

  /** What the library has told the developer it cannot abort, or had no time to write down. */
  #excused(): Set<string> {
    return new Set([...this.#lost, ...this.tabs.flatMap(({ world }) => [...world.notAbortable])]);
  }

  async #savedIds(): Promise<Set<string>> {
    const entries = await this.universe.disk.checkpoints.list();
    return new Set(entries.flatMap(({ head }) => readHead(head)?.head.uploadId ?? []));
  }

  #newTab(): Tab {
    return new Tab(this.universe, this.clock, this.#shakes, this.#story);
  }

  #keepVersions(): void {
    const { objects } = this.universe.server;
    const set = objects.set.bind(objects);
    objects.set = (key, object) => {
      this.#versions.set(object.versionId, object.bytes);
      return set(key, object);
    };
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** mulberry32: numbers in [0, 1), the same ones for the same seed. */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
