/** Stories of an app that does anything with its uploads at any time, from listeners too; by a seed. `wild-app-entry.ts` plays them. */
import fc from "fast-check";

/** Uploads are counted modulo how many there are. File 0 is the picked one, 1 a copy of it. */
export type Act =
  | { readonly do: "upload"; readonly file: number; readonly signal: number }
  | { readonly do: "pause" | "resume" | "cancel" | "remove"; readonly upload: number }
  | { readonly do: "abort"; readonly signal: number }
  | { readonly do: "resume-pending"; readonly file: number }
  | { readonly do: "discard-pending" };

export interface WildStory {
  /** `after`: that many states are told first, of any upload, or nothing is under way. */
  readonly steps: readonly { readonly act: Act; readonly after: number }[];
  /** Made by the listener of the n-th upload when it is told of the phase, each once. */
  readonly reactions: readonly { readonly upload: number; readonly phase: string; readonly act: Act }[];
  readonly fault: "none" | "reset" | "lose-answer" | "forbidden";
}

const count = fc.nat({ max: 3 });
const file = fc.nat({ max: 1 });
const signal = fc.integer({ min: -1, max: 1 });
const uploading: fc.Arbitrary<Act> = fc.record({ do: fc.constant("upload" as const), file, signal });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: uploading },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom("pause", "resume", "resume", "cancel", "remove"), upload: count }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const), signal: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resume-pending" as const), file }) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: "discard-pending" }) },
);
const phase = fc.constantFrom("preparing", "uploading", "completing", "paused", "stopped", "failed", "cancelled");
const wildStory: fc.Arbitrary<WildStory> = fc.record({
  steps: fc
    .tuple(
      fc.record({ act: uploading, after: fc.constant(0) }),
      fc.array(fc.record({ act, after: fc.nat({ max: 6 }) }), { minLength: 2, maxLength: 8 }),
    )
    .map(([first, others]) => [first, ...others]),
  reactions: fc.array(fc.record({ upload: count, phase, act }), { maxLength: 3 }),
  fault: fc.constantFrom("none", "none", "reset", "lose-answer", "forbidden"),
});

/** @returns the same stories for the same seed */
export function wildStories(number: number, seed: number): readonly WildStory[] {
  return fc.sample(wildStory, { numRuns: number, seed });
}
