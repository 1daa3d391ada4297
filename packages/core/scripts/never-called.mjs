/**
 * Stands in the worker for two packages of its XML parser that are a quarter of the worker, and are never called: "is-unsafe" looks at the
 * entities that a DOCTYPE declares, "strnum" makes numbers of texts. `packages/worker/src/xml.ts` refuses the one and switches off the other.
 */
export const HTML = "HTML";
export const XML = "XML";

/** Loaded by what probes a store alone. */
export const ossProbe = isUnsafe;

/** A text whose parsing comes here is no XML to the worker: better than one that is read in another way than in the tests. */
export function isUnsafe() {
  throw new Error("Never called");
}

// biome-ignore lint/style/noDefaultExport: "strnum" has one
export { isUnsafe as default };
