/**
 * Uploads a file in parts: a loop over steps. A step is the outcome of one turn; what the server said against it is passed to the
 * next turn as `Doubts`. Laws: both must agree; nothing is claimed that the store did not show; the checkpoint outlives what it
 * points at.
 */
import type { UploadResult } from "../api/upload.js";
import { isUploadError, UploadError } from "../errors.js";
import { type PartRange, plan } from "../upload/plan.js";
import { beginCheckpoint, type SavedHead } from "./checkpoints/begin.js";
import { fitting } from "./checkpoints/fitting.js";
import { complete } from "./complete.js";
import type { RunContext } from "./context.js";
import { type Doubts, type Found, look, noDoubts, savedMark, settleSince } from "./look.js";
import { PartSender } from "./parts/part-sender.js";
import { ReadAhead } from "./parts/read-ahead.js";
import { everything } from "./parts/reconcile.js";
import { resultOf } from "./result.js";

/** The outcome of one turn of the loop. */
type Step =
  /** The object was completed and proved. */
  | { readonly kind: "stored"; readonly result: UploadResult }
  /** "finished": the object is there already. "begin-anew": the multipart upload is gone. */
  | Exclude<Found, { readonly kind: "continue" }>
  /** The server contradicts our record. */
  | { readonly kind: "look-again"; readonly doubts: Doubts; readonly because: UploadError };

/** A multipart upload to go on with. `ahead` reads its first parts already, if this run has just begun it. */
interface Begun {
  readonly saved: SavedHead;
  readonly ahead?: ReadAhead;
}

/** With so many contradictions in one run the server would probably go on contradicting: the run fails. */
const patienceWithContradictions = 3;

/**
 * @param partSize used if the upload begins now; an upload that goes on keeps its part size
 * @param saved    the checkpoint that fits this upload, if there is one
 */
export async function runInParts(
  context: RunContext,
  partSize: number,
  saved: SavedHead | undefined,
): Promise<UploadResult> {
  const { world, job } = context;
  try {
    return await loop(context, partSize, saved);
  } finally {
    job.memory.restsSince(world.store.moment());
  }
}

async function loop(context: RunContext, partSize: number, found: SavedHead | undefined): Promise<UploadResult> {
  const { world, checkpointId, target, reporter } = context;
  let doubts = noDoubts;
  let saved = found;
  for (let contradictions = 0, beginnings = 0; ; ) {
    const begun = saved === undefined ? await begin(context, partSize) : { saved };
    const step = await turn(context, begun, doubts);
    switch (step.kind) {
      case "stored":
        return step.result;
      case "finished":
        await world.checkpoints.remove(checkpointId);
        return resultOf(context, step.settled.object, step.settled.proof, true);
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

/** Begins a multipart upload and reads the first parts meanwhile: to a distant store Initiate takes as long. */
async function begin(context: RunContext, partSize: number): Promise<Begun> {
  const ahead = new ReadAhead(context, everything(plan(context.file.size, partSize)).todo);
  try {
    return { saved: await beginCheckpoint(context, partSize), ahead };
  } catch (error) {
    await ahead.end();
    throw error;
  }
}

async function turn(context: RunContext, { saved, ahead }: Begun, doubts: Doubts): Promise<Step> {
  const ranges = plan(context.file.size, saved.head.partSize);
  context.job.memory.belongsTo(saved.head.uploadId);
  context.reporter.becameResumable();
  if (!context.job.memory.isBegun) await context.world.notes.begun(context.job);
  try {
    const found = saved.fresh ? everything(ranges) : await look(context, saved, ranges, doubts);
    if (found.kind !== "continue") return found;
    context.reporter.planned(ranges, found.done, context.job.memory);
    context.reporter.event({ type: "prepared" });
    const parts = await new PartSender(context, saved.upload, ranges).storeAll(found, ahead);
    context.reporter.event({ type: "all-stored" });
    return { kind: "stored", result: await complete(context, saved, ranges, parts) };
  } catch (error) {
    return await stepAfter(error, context, saved, ranges);
  }
}

/** Turns a failure that is a contradiction into the next step. @throws every other failure */
async function stepAfter(
  error: unknown,
  context: RunContext,
  { head }: SavedHead,
  ranges: readonly PartRange[],
): Promise<Step> {
  if (!isUploadError(error)) throw error;
  const lookAgain = (doubts: Doubts): Step => ({ kind: "look-again", doubts, because: error });
  if (context.world.store.rejectsParts(error)) return lookAgain({ gone: undefined, rejected: true });
  if (error.code === "upload-gone") return lookAgain({ gone: head.uploadId, rejected: false });
  if (error.code !== "already-exists") throw error;
  const settled = await settleSince(context, ranges, await savedMark(context));
  if (settled === undefined) throw error;
  return { kind: "finished", settled };
}

function goneAgain(key: string): UploadError {
  return new UploadError("upload-gone", `The multipart upload of "${key}" vanished from the store twice in one run`, {
    hint: "Is something else aborting uploads in this bucket, or its lifecycle rule shorter than an upload takes?",
  });
}
