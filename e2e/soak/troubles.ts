/** What goes wrong with requests in a soak: the emulator's whole vocabulary, by chance. */
import type { Action, Emulator, FaultHandle, FaultSpec } from "@ossicle/oss-emulator";
import { stories } from "../support/fault-stories.js";
import { befallen, faultOf, type Story } from "../support/fault-story.js";
import type { Chance } from "./chance.js";

interface Trouble {
  readonly name: string;
  readonly fault: (by: Chance) => FaultSpec["fault"];
  readonly on: readonly Action[];
  /** Kept at the emulator until somebody lets it go. */
  readonly isKept: boolean;
  /** Initiate takes effect, and the page is not told the upload id. */
  readonly losesAnswers: boolean;
}

const only = { isKept: false, losesAnswers: false };
const forbidden = { kind: "error", status: 403, code: "AccessDenied" } as const;

const troubles: readonly Trouble[] = [
  ...Object.values<Story>(stories)
    .filter((story) => befallen(story).length > 0)
    .map((story) => ({
      name: story.what,
      fault: (by: Chance) => faultOf(story, by.between(0, 3)),
      on: befallen(story),
      isKept: story.ends === "when it is let go",
      losesAnswers: story.orphan === true,
    })),
  {
    name: "finds a time of day in the past",
    fault: () => ({ kind: "clock-skew", ms: -7_200_000 }),
    on: ["InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "PutObject", "PostObject"],
    ...only,
  },
  { name: "may not list parts", fault: () => forbidden, on: ["ListParts"], ...only },
  { name: "may not look at the object", fault: () => forbidden, on: ["HeadObject"], ...only },
];

export interface ArmedTrouble {
  readonly says: string;
  readonly name: string;
  readonly key: string;
  readonly handle: FaultHandle;
  /** Upload ids that it may have kept from the page. */
  readonly lostIds: () => number;
}

/** One trouble for requests about `key`. @param signal ends what is kept for good */
export function armTrouble(emulator: Emulator, key: string, by: Chance, signal: AbortSignal): ArmedTrouble {
  const { name, fault, on, isKept, losesAnswers } = by.oneOf(troubles);
  const action = by.oneOf(on);
  const after = action === "UploadPart" ? by.between(0, 8) : by.between(0, 1);
  const times = by.between(1, 3);
  const handle = emulator.faults.add({ on: action, key, after, times, fault: fault(by) });
  if (isKept) letGo(handle, by.between(20, 1500), times, signal);
  const losesIds = losesAnswers && action === "InitiateMultipartUpload";
  return {
    says: `${key}: ${action} ${name}, ${times} times after ${after}`,
    name,
    key,
    handle,
    lostIds: () => (losesIds ? handle.hits : 0),
  };
}

/** Each request that is kept goes on after so many milliseconds. */
async function letGo(handle: FaultHandle, ms: number, times: number, signal: AbortSignal): Promise<void> {
  try {
    for (let count = 1; count <= times; count += 1) {
      await handle.waitForHit(count, signal);
      await new Promise((resolve) => setTimeout(resolve, ms));
      handle.release();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
