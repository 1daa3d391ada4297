/** What goes wrong with requests in a soak: the emulator's vocabulary, by chance. */
import type { Action, Emulator, Fault, FaultHandle, FaultSpec } from "@ossicle/oss-emulator";
import { type Story, stories } from "../support/fault-stories.js";
import type { Chance } from "./chance.js";

const uploading = ["InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "PutObject"] as const;
const asking = ["ListParts", "HeadObject", "AbortMultipartUpload"] as const;

interface Trouble {
  readonly name: string;
  readonly fault: FaultSpec["fault"];
  readonly on: readonly Action[];
}

/** Only what breaks the way to and from the service may befall requests that upload nothing. */
const anywhere = new Set<string>(["refuse", "reset", "lose-answer", "slow-down", "error", "html"]);

function kindOf(fault: FaultSpec["fault"]): Fault["kind"] {
  return typeof fault === "string" ? fault : fault.kind;
}

const troubles: readonly Trouble[] = [
  ...Object.entries(stories).map(([name, { fault, spares = [] }]: [string, Story]) => ({
    name,
    fault,
    on: [
      ...uploading.filter((action) => !spares.includes(action)),
      ...(anywhere.has(kindOf(fault)) ? asking : []),
    ] as readonly Action[],
  })),
  { name: "is throttled", fault: { kind: "throttle", bytesPerSecond: 200_000 }, on: ["UploadPart", "PutObject"] },
  { name: "is late to take effect", fault: { kind: "delay", ms: 300, when: "before-effect" }, on: uploading },
  { name: "is answered late", fault: { kind: "delay", ms: 300 }, on: [...uploading, ...asking] },
  { name: "finds another time of day", fault: { kind: "clock-skew", ms: 3_600_000 }, on: uploading },
  { name: "finds a time of day in the past", fault: { kind: "clock-skew", ms: -7_200_000 }, on: uploading },
  {
    name: "may not list parts",
    fault: { kind: "error", status: 403, code: "AccessDenied" },
    on: ["ListParts"],
  },
  {
    name: "may not look at the object",
    fault: { kind: "error", status: 403, code: "AccessDenied" },
    on: ["HeadObject"],
  },
];

export interface ArmedTrouble {
  readonly says: string;
  readonly name: string;
  readonly handle: FaultHandle;
}

/** One trouble for requests about `key`. */
export function armTrouble(emulator: Emulator, key: string, by: Chance): ArmedTrouble {
  const { name, fault, on } = by.oneOf(troubles);
  const action = by.oneOf(on);
  const after = action === "UploadPart" ? by.between(0, 8) : by.between(0, 1);
  const times = by.between(1, 3);
  const handle = emulator.faults.add({ on: action, key, after, times, fault });
  return { says: `${key}: ${action} ${name}, ${times} times after ${after}`, name, handle };
}
