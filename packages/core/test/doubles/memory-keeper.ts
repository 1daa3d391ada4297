/** A keeper of several "pages" in one process. Files come back as they were given: the same objects. */

import type { Keeper } from "../../src/keeper/keeper.js";
import { KeptFiles } from "../../src/keeper/kept-files.js";
import { ManualClock } from "./manual-clock.js";

export class MemoryKeeper {
  readonly clock = new ManualClock();
  /** What it was asked and told, in order. */
  readonly heard: ("look" | "keep" | "kept" | "queued" | "release")[] = [];
  /** Does it answer? */
  isSilent = false;
  #kept = new KeptFiles(this.clock);

  get size(): number {
    return this.#kept.size;
  }

  /** The browser ends its worker. */
  end(): void {
    this.#kept = new KeptFiles(this.clock);
  }

  /** As one page sees it. */
  for(scope: string): Keeper {
    let isThere = false;
    const answers = (act: "look" | "kept" | "queued") => {
      this.heard.push(act);
      if (!this.isSilent) isThere = true;
      return !this.isSilent;
    };
    return {
      get isThere() {
        return isThere;
      },
      look: async () => answers("look"),
      keep: (files) => {
        if (!isThere || files.length === 0) return;
        this.heard.push("keep");
        this.#kept.keep(scope, files);
      },
      kept: async (ids) => {
        const files = answers("kept") ? this.#kept.kept(scope, ids) : [];
        return new Map(files.map(({ id, file }) => [id, file]));
      },
      queued: async () => (answers("queued") ? this.#kept.queued(scope) : []),
      release: async (ids) => {
        this.heard.push("release");
        this.#kept.release(scope, ids);
      },
    };
  }
}
