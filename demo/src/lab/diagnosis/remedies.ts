/** What a finding's hint holds to be copied: the CORS rule the library wrote, the RAM policy it names the rights of. Pure. */
import type { DiagnosisCheck } from "@ossicle/core";

export interface Remedy {
  /** What to do, in the library's words. */
  readonly advice: string;
  /** A whole rule for the console's form, line by line; undefined when the rule is not what is wrong. */
  readonly corsRule: string | undefined;
  /** A whole policy as JSON; undefined when no right is missing. */
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

/** All that an upload may need, and nothing else, below one prefix of one bucket. */
export function ramPolicy(bucket: string, prefix: string): string {
  const statement = {
    Effect: "Allow",
    Action: ["oss:PutObject", "oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"],
    Resource: `acs:oss:*:*:${bucket}/${prefix}*`,
  };
  return JSON.stringify({ Version: "1", Statement: [statement] }, null, 2);
}
