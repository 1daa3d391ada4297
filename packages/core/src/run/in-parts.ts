/**
 * Uploads a file in parts: a loop over steps. A step is the outcome of one turn; what the server said against it is passed to the
 * next turn as `Doubts`. Laws: both must agree; nothing is claimed that the store did not show; the checkpoint outlives what it
 * points at.
 */
import type { UploadResult } from "../api/upload.js";
import { isUploadError, UploadError } from "../errors.js";
import { beginCheckpoint, type SavedHead } from "./checkpoints/begin.js";
import { fitting } from "./checkpoints/fitting.js";
import { keepResult } from "./checkpoints/keep-result.js";
import { complete } from "./complete.js";
import type { RunContext } from "./context.js";
import { cutOf, type Doubts, type Found, look, noDoubts, savedMark, settleSince } from "./look.js";
import { Cutter } from "./parts/cutter.js";
import { PartSender } from "./parts/part-sender.js";
import { type PartRange, type Ruler, rangeOf } from "./parts/positions.js";
import { ReadAhead } from "./parts/read-ahead.js";
import { everything, type Remaining } from "./parts/reconcile.js";
import { resultOf } from "./result.js";

/** The outcome of one turn of the loop. */
type Step =
  /** The object was completed and proved. */
  | { readonly kind: "stored"; readonly result: UploadResult }
  /** "finished": the object is there already. "begin-anew": the multipart upload is gone. */
  | Exclude<Found, { readonly kind: "continue" }>
  /** The server contradicts our record. */
  | { readonly kind: "look-again"; readonly doubts: Doubts; readonly because: UploadError };

/** A multipart upload to go on with. `reading` has begun with its first parts already, if this run has just begun it. */
interface Begun {
  readonly saved: SavedHead;
  readonly reading?: Reading;
}

/** What cuts the missing bytes into parts, and what reads these ahead. */
interface Reading {
  readonly cutter: Cutter;
  readonly ahead: ReadAhead;
}

/** With so many contradictions in one run the server would probably go on contradicting: the run fails. */
const patienceWithContradictions = 3;

/**
 * @param ruler how parts are numbered if the upload begins now; an upload that goes on keeps its own
 * @param saved the checkpoint that fits this upload, if there is one
 */
export async function runInParts(
  context: RunContext,
  ruler: Ruler,
  saved: SavedHead | undefined,
): Promise<UploadResult> {
  const { world, job } = context;
  try {
    return await loop(context, ruler, saved);
  } finally {
    job.memory.restsSince(world.store.moment());
  }
}

async function loop(context: RunContext, ruler: Ruler, found: SavedHead | undefined): Promise<UploadResult> {
  const { world, checkpointId, target, reporter } = context;
  let doubts = noDoubts;
  let saved = found;
  for (let contradictions = 0, beginnings = 0; ; ) {
    const begun = saved === undefined ? await begin(context, ruler) : { saved };
    const step = await turn(context, begun, doubts);
    switch (step.kind) {
      case "stored":
        return step.result;
      case "finished":
        return await removed(context, resultOf(context, step.settled.object, step.settled.proof, true));
      case "begin-anew":
        if (++beginnings > 1) throw goneAgain(target.key);
        reporter.event({ type: "contradicted" });
        doubts = noDoubts;
        saved = undefined;
        break;
      case "look-again":
        if (++contradictions >= patienceWithContradictions) throw step.because;
        reporter.event({ type: "contradicted" });
        doubts = step.doubts;
        saved = await fitting(context, await world.checkpoints.load(checkpointId));
        break;
    }
  }
}

/** What is finished needs no checkpoint. */
async function removed(context: RunContext, result: UploadResult): Promise<UploadResult> {
  await keepResult(context, result);
  await context.world.checkpoints.remove(context.checkpointId);
  return result;
}

/** Begins a multipart upload and reads the first parts meanwhile: to a distant store Initiate takes as long. */
async function begin(context: RunContext, ruler: Ruler): Promise<Begun> {
  const reading = read(context, ruler, everything(ruler));
  try {
    return { saved: await beginCheckpoint(context, ruler), reading };
  } catch (error) {
    await reading.ahead.end();
    throw error;
  }
}

async function turn(context: RunContext, { saved, reading }: Begun, doubts: Doubts): Promise<Step> {
  const { world, reporter, job } = context;
  const { ruler, upload } = saved;
  job.memory.belongsTo(saved.head.uploadId);
  reporter.becameResumable();
  if (!job.memory.isBegun) await world.notes.begun(job);
  let cut = cutOf(context, saved);
  try {
    const found = saved.fresh ? everything(ruler) : await look(context, saved, doubts);
    if (found.kind !== "continue") return found;
    const { cutter, ahead } = reading ?? read(context, ruler, found);
    reporter.event({ type: "prepared" });
    const parts = await new PartSender(context, upload, ruler, cutter).storeAll(found.done, ahead);
    reporter.event({ type: "all-stored" });
    cut = cutOf(context, { ...saved, parts });
    return { kind: "stored", result: await complete(context, saved, cut, parts) };
  } catch (error) {
    return await stepAfter(error, context, saved, cut);
  }
}

/** Tells the progress what is stored, and begins to read what is missing. */
function read(context: RunContext, ruler: Ruler, { done, todo }: Remaining): Reading {
  const { reporter, job } = context;
  const nextSize = sizeOfNext(context, ruler);
  const stored = done.flatMap((part) => rangeOf(ruler, part) ?? []);
  reporter.planned(stored, nextSize(), done, job.memory);
  const onCut = (range: PartRange) => reporter.cut(range, nextSize());
  const onGivenBack = ({ number }: PartRange) => reporter.uncut(number);
  const cutter = new Cutter(todo, { ruler, nextSize, onCut, onGivenBack });
  return { cutter, ahead: new ReadAhead(context, cutter) };
}

/** @returns what says how large the next part of a gap is to be: bytes, a whole number of units */
function sizeOfNext({ world, settings, reporter }: RunContext, { unit }: Ruler): (gapBytes?: number) => number {
  const { store, line } = world;
  const { partSize, nextPartSize } = settings;
  if (store.limits.equalParts) return () => unit;
  // An upload that goes on may have begun with another size. A body that is refused as too large is rounded down.
  const inUnits = (bytes: number) => Math.max(1, Math.round(bytes / unit)) * unit;
  if (partSize !== "auto") return () => inUnits(Math.min(partSize, line.largestBody - unit / 2));
  return (gapBytes) => nextPartSize(line, reporter.howFar, unit, gapBytes);
}

/** Turns a failure that is a contradiction into the next step. @throws every other failure */
async function stepAfter(
  error: unknown,
  context: RunContext,
  { head }: SavedHead,
  cut: readonly PartRange[] | undefined,
): Promise<Step> {
  if (!isUploadError(error)) throw error;
  const lookAgain = (doubts: Doubts): Step => ({ kind: "look-again", doubts, because: error });
  if (context.world.store.rejectsParts(error)) return lookAgain({ gone: undefined, rejected: true });
  if (error.code === "upload-gone") return lookAgain({ gone: head.uploadId, rejected: false });
  if (error.code !== "already-exists") throw error;
  const settled = await settleSince(context, cut, await savedMark(context));
  if (settled === undefined) throw error;
  return { kind: "finished", settled };
}

function goneAgain(key: string): UploadError {
  return new UploadError("upload-gone", `The multipart upload of "${key}" vanished from the store twice in one run`, {
    hint: "Is something else aborting uploads in this bucket, or its lifecycle rule shorter than an upload takes?",
  });
}
