import type { DiagnosisCheck } from "@ossicle/core";
import { describe, expect, test } from "vitest";
import { corsRule } from "../../../../packages/core/src/store/oss/cors-rule.js";
import { remedyOf } from "./remedies.js";

const rule = corsRule("https://demo.example");

describe("a remedy", () => {
  test("has the library's CORS rule as it is, and apart from the advice", () => {
    const check: DiagnosisCheck = {
      name: "exposed-headers",
      status: "warning",
      detail: "ETag is hidden.",
      hint: `The bucket's CORS rule has to be:\n${rule}`,
    };

    expect(remedyOf(check, "b", "uploads/")).toEqual({
      advice: "The bucket's CORS rule has to be:",
      corsRule: rule,
      ramPolicy: undefined,
    });
  });

  test("has a policy for this bucket and prefix when a right is missing", () => {
    const check: DiagnosisCheck = {
      name: "permissions",
      status: "warning",
      detail: "No.",
      hint: "Grant oss:ListParts.",
    };

    const { advice, ramPolicy = "" } = remedyOf(check, "my-bucket", "uploads/");

    expect(advice).toBe("Grant oss:ListParts.");
    expect(JSON.parse(ramPolicy).Statement[0]).toEqual({
      Effect: "Allow",
      Action: ["oss:PutObject", "oss:ListParts", "oss:GetObject", "oss:AbortMultipartUpload"],
      Resource: "acs:oss:*:*:my-bucket/uploads/*",
    });
  });

  test.each(["ok", "skipped"] as const)("is nothing when permissions are %s", (status) => {
    const check: DiagnosisCheck = { name: "permissions", status, detail: "All granted." };

    expect(remedyOf(check, "b", "")).toEqual({ advice: "", corsRule: undefined, ramPolicy: undefined });
  });
});
