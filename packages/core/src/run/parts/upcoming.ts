/** Parts in the order in which they are to be sent; which they are may become known later. */
import type { PartRange } from "../../upload/plan.js";
import type { PartTask, Remaining } from "./reconcile.js";

export interface Upcoming {
  /** @returns the next ones, at most so many; none when that was all. One call at a time */
  take(count: number): Promise<readonly PartTask[]>;
}

export function inOrder(tasks: readonly PartTask[]): Upcoming {
  let next = 0;
  return {
    async take(count) {
      next += count;
      return tasks.slice(next - count, next);
    },
  };
}

/**
 * What goes out until it is known what remains, and then that. Where it is known, nothing is begun that was not looked for
 * in it.
 */
export function earlyFirst(early: readonly PartRange[], remaining: Promise<Remaining>): Upcoming {
  const first = inOrder(early.map((range) => ({ range })));
  const begun = new Set<number>();
  let known = false;
  const learnt = () => {
    known = true;
  };
  remaining.then(learnt, learnt);
  let then: Upcoming | undefined;
  return {
    async take(count) {
      if (!known) {
        const tasks = await first.take(count);
        for (const { range } of tasks) begun.add(range.number);
        if (tasks.length > 0) return tasks;
      }
      const { todo } = await remaining;
      then ??= inOrder(todo.filter(({ range }) => !begun.has(range.number)));
      return await then.take(count);
    },
  };
}
