/** What is wrong with a field, said in the language that the page shows at that moment. */
import type { Words } from "../../words/en.js";

export type FieldProblem = (errors: Words["ownBucket"]["errors"]) => string;

export const fieldNames = ["region", "bucket", "endpoint", "token", "tokenUrl", "signUrl"] as const;
export type FieldName = (typeof fieldNames)[number];

export type FieldProblems = Partial<Readonly<Record<FieldName, FieldProblem>>>;
