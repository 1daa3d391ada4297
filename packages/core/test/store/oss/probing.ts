/** Probes a bucket and gives the checks by name. */
import type { DiagnosisCheck } from "../../../src/api/diagnosis.js";
import type { ObjectStore, ProbeOptions } from "../../../src/store/object-store.js";

export const key = ".ossicle-diagnose-test";
/** The discard port, where nothing listens. */
export const nobody = "http://127.0.0.1:9";

export type Checks = Readonly<Record<DiagnosisCheck["name"], DiagnosisCheck>>;

export async function checksOf(store: ObjectStore, options: Partial<ProbeOptions> = {}): Promise<Checks> {
  const { signal } = new AbortController();
  const checks = await store.probe(key, { signal, online: () => true, ...options });
  return Object.fromEntries(checks.map((check) => [check.name, check])) as Checks;
}
