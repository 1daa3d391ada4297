/** What the page may break in the local OSS: what stays broken until it is changed, and what happens once. */
import type { Emulator, FaultSpec } from "@ossicle/oss-emulator";
import { Refusal } from "./json-body.js";

/** What stays broken until it is changed. */
export interface Trouble {
  /** null: not limited. */
  readonly bytesPerSecond: number | null;
  readonly cut: boolean;
  readonly listingForbidden: boolean;
}

/** The number of requests that a storm refuses. */
const stormRequests = 8;
const lostAnswers = 3;
const parts = ["UploadPart", "PutObject", "PostObject"] as const;

const strikes: Readonly<Record<string, FaultSpec>> = {
  storm: {
    on: parts,
    times: stormRequests,
    fault: { kind: "slow-down", delayMs: 400 },
  },
  loseAnswers: { on: parts, times: lostAnswers, fault: "lose-answer" },
  corrupt: { on: parts, fault: { kind: "corrupt", what: "stored" } },
};

export function troubleOf({ network, faults }: Emulator): Trouble {
  return {
    bytesPerSecond: network.bytesPerSecond ?? null,
    cut: network.isCut,
    listingForbidden: faults.list().some(({ spec }) => spec.on === "ListParts"),
  };
}

/** Checks what a page asked for. @throws Refusal if a field has a wrong type or value */
export function troubleWanted(asked: Readonly<Record<string, unknown>>): Partial<Trouble> {
  const { bytesPerSecond, cut, listingForbidden } = asked;
  for (const [name, flag] of Object.entries({ cut, listingForbidden })) {
    if (flag !== undefined && typeof flag !== "boolean") throw new Refusal(400, `${name} is true or false`);
  }
  const isSpeed = bytesPerSecond === null || (Number.isFinite(bytesPerSecond) && Number(bytesPerSecond) > 0);
  if (bytesPerSecond !== undefined && !isSpeed) {
    throw new Refusal(400, "bytesPerSecond is a number above 0, or null for as fast as it goes");
  }
  return asked;
}

export function changeTrouble({ network, faults }: Emulator, wanted: Partial<Trouble>): void {
  if (wanted.bytesPerSecond !== undefined) network.throttle(wanted.bytesPerSecond ?? undefined);
  if (wanted.cut === true) network.cut();
  if (wanted.cut === false) network.restore();
  if (wanted.listingForbidden === undefined) return;
  for (const fault of faults.list()) if (fault.spec.on === "ListParts") fault.remove();
  if (!wanted.listingForbidden) return;
  faults.add({
    on: "ListParts",
    times: "always",
    fault: {
      kind: "error",
      status: 403,
      code: "AccessDenied",
      message: "oss:ListParts was forbidden by the demo page.",
    },
  });
}

/** Makes a strike happen to the next requests that it can hit. @throws Refusal if there is no strike of this name */
export function strike({ faults }: Emulator, name: unknown): void {
  const spec = Object.entries(strikes).find(([known]) => known === name)?.[1];
  if (spec === undefined) {
    throw new Refusal(400, `there is no strike ${JSON.stringify(name)}; there are ${Object.keys(strikes).join(", ")}`);
  }
  faults.add(spec);
}
