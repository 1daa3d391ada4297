/** What may happen in a story about handles: what the app does and when, what its listeners do, and how the world behaves. */
import fc from "fast-check";
import type { UploadOptions, UploadState } from "../../../src/api/upload.js";

/** Everything that is counted ("the n-th upload") is taken modulo how many there are: no act is ever impossible. */
export type Act =
  | {
      readonly do: "upload";
      readonly file: number;
      readonly key: string;
      readonly signal: number;
      readonly extra: Extra;
    }
  | { readonly do: "pause" | "resume" | "cancel" | "remove"; readonly upload: number }
  | { readonly do: "abort"; readonly signal: number }
  | { readonly do: "resume-pending"; readonly file: number; readonly signal: number }
  | { readonly do: "discard-pending" | "close" | "leave" | "come-back" | "kill" };

export type Extra = Pick<UploadOptions, "acl" | "ifExists" | "priority" | "appData" | "metadata">;

/** How much happens by itself before the next act. */
export interface Meanwhile {
  readonly kind: "nothing" | "microtasks" | "turns" | "ms" | "rest";
  readonly count: number;
}

export interface Step {
  readonly tab: number;
  readonly act: Act;
  readonly meanwhile: Meanwhile;
}

/** A listener of the n-th upload of a tab that acts when it is told of such a phase. */
export interface Reaction {
  readonly upload: number;
  readonly phase: UploadState["phase"];
  readonly act: Act;
}

export interface Story {
  /** Of all that the world draws: how long an answer takes, which request fails. */
  readonly seed: number;
  readonly lanes: number;
  /** How many uploads of a tab run at the same time. */
  readonly uploadSlots: number;
  /** How many requests fail at most. */
  readonly faults: number;
  /** 0: every answer comes at once. */
  readonly slowestMs: number;
  readonly reactions: readonly Reaction[];
  readonly steps: readonly Step[];
}

/** Of the files in `cast.ts`. */
export const fileCount = 5;
export const signalCount = 3;
export const tabCount = 2;

const count = fc.nat({ max: 5 });
/** Mostly the two of the same content. */
const file = fc.oneof({ weight: 2, arbitrary: fc.nat({ max: 1 }) }, fc.nat({ max: fileCount - 1 }));
/** No signal, or the n-th of the tab. */
const signal = fc.integer({ min: -2, max: signalCount - 1 });
const extra: fc.Arbitrary<Extra> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  fc.constantFrom<Extra>(
    { acl: "public-read" },
    { ifExists: "forbid" },
    { ifExists: "skip-identical" },
    { priority: "high" },
    { appData: { album: 7 } },
    { metadata: { a: "b" } },
  ),
);
const uploading = fc.record({
  do: fc.constant("upload" as const),
  file,
  key: fc.constantFrom("a.bin", "a.bin", "a.bin", "b.bin"),
  signal,
  extra,
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: uploading },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constantFrom("pause", "pause", "resume", "resume", "cancel", "cancel", "remove"),
      upload: count,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("abort" as const), signal: fc.nat({ max: signalCount - 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("resume-pending" as const), file, signal }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("discard-pending", "leave", "come-back") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("close", "kill") }) },
);
const lasting = (kind: Meanwhile["kind"], max: number) =>
  fc.record({ kind: fc.constant(kind), count: fc.integer({ min: 1, max }) });
/** A whole upload takes some hundred microtasks, or some hundred milliseconds. */
const meanwhile: fc.Arbitrary<Meanwhile> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Meanwhile>({ kind: "nothing", count: 0 }) },
  { weight: 6, arbitrary: lasting("microtasks", 80) },
  { weight: 2, arbitrary: lasting("turns", 3) },
  { weight: 6, arbitrary: lasting("ms", 60) },
  { weight: 1, arbitrary: lasting("ms", 600) },
  { weight: 1, arbitrary: fc.constant<Meanwhile>({ kind: "rest", count: 0 }) },
);
const phase = fc.constantFrom<UploadState["phase"]>(
  "queued",
  "preparing",
  "uploading",
  "completing",
  "paused",
  "stopped",
  "failed",
  "completed",
  "cancelled",
);

/** Every second one is about the upload that it listens to. */
const reaction: fc.Arbitrary<Reaction> = fc
  .tuple(fc.record({ upload: count, phase, act }), fc.boolean())
  .map(([{ upload, phase, act }, isOwn]) => ({
    ...{ upload, phase },
    act: isOwn && "upload" in act ? { ...act, upload } : act,
  }));

export const stories: fc.Arbitrary<Story> = fc.record({
  seed: fc.nat({ max: 2 ** 31 - 1 }),
  lanes: fc.integer({ min: 1, max: 3 }),
  uploadSlots: fc.constantFrom(1, 2, 6),
  faults: fc.constantFrom(0, 0, 1, 3),
  slowestMs: fc.constantFrom(0, 20, 100),
  reactions: fc.array(reaction, { maxLength: 4 }),
  steps: fc
    .tuple(
      fc.record({ tab: fc.constant(0), act: uploading, meanwhile }),
      fc.array(fc.record({ tab: fc.constantFrom(0, 0, 0, tabCount - 1), act, meanwhile }), {
        minLength: 1,
        maxLength: 12,
      }),
    )
    .map(([first, others]) => [first, ...others]),
});
