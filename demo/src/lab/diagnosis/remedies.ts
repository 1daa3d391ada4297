/** What the person can copy to mend a finding: the CORS rule from the library's hint, or a RAM policy. Pure. */
import type { DiagnosisCheck } from "@ossicle/core";

export interface Remedy {
  /** What to do, in the library's words. */
  readonly advice: string;
  /** A whole CORS rule, line by line as the console's form asks for it; undefined if no rule is wrong. */
  readonly corsRule: string | undefined;
  /** A whole RAM policy as JSON; undefined if no right is missing. */
  readonly ramPolicy: string | undefined;
}

export function remedyOf(check: DiagnosisCheck, bucket: string, prefix: string): Remedy {
  const hint = check.hint ?? "";
  const [advice = "", ...rule] = hint.split("\n");
  const corsRule = /^AllowedOrigin:/m.test(hint) ? rule.join("\n") : undefined;
  const lacksRight = check.name === "permissions" && (check.status === "failed" || check.status === "warning");
  return {
    advice: corsRule === undefined ? hint : advice,
    corsRule,
    ramPolicy: lacksRight ? ramPolicy(bucket, prefix) : undefined,
  };
}

/** A policy with every right that an upload may need, for keys below one prefix of one bucket, and no other right. */
export function ramPolicy(bucket: string, prefix: string): string {
  const statement = {
    Effect: "Allow",
    Action: ["oss:PutObject", "oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"],
    Resource: `acs:oss:*:*:${bucket}/${prefix}*`,
  };
  return JSON.stringify({ Version: "1", Statement: [statement] }, null, 2);
}
