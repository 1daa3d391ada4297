import { describe, expect, test } from "vitest";
import { timeOf } from "../bucket/read-credentials.js";
import { readOssCredentials } from "./oss-credentials.js";

describe("spellings", () => {
  const read = {
    accessKeyId: "STS.key",
    accessKeySecret: "secret",
    securityToken: "token",
    expiresAtMs: Date.UTC(2026, 0, 1, 12),
  };

  test.each([
    [
      "this library's",
      { accessKeyId: "STS.key", accessKeySecret: "secret", securityToken: "token", expiration: "2026-01-01T12:00:00Z" },
    ],
    [
      "the STS service's",
      { AccessKeyId: "STS.key", AccessKeySecret: "secret", SecurityToken: "token", Expiration: "2026-01-01T12:00:00Z" },
    ],
    [
      "the STS service's whole answer",
      {
        RequestId: "R",
        AssumedRoleUser: {},
        Credentials: {
          AccessKeyId: "STS.key",
          AccessKeySecret: "secret",
          SecurityToken: "token",
          Expiration: "2026-01-01T12:00:00Z",
        },
      },
    ],
    [
      "ali-oss's",
      {
        accessKeyId: "STS.key",
        accessKeySecret: "secret",
        stsToken: "token",
        expiration: new Date("2026-01-01T12:00:00Z"),
      },
    ],
  ])("%s are understood", (_, answer) => {
    expect(readOssCredentials(answer, "credentials", "it")).toEqual(read);
  });

  test("a token that is null or empty is none", () => {
    const answer = {
      accessKeyId: "key",
      accessKeySecret: "secret",
      securityToken: null,
      SecurityToken: "",
      expiration: null,
    };

    expect(readOssCredentials(answer, "credentials", "it")).toMatchObject({
      securityToken: undefined,
      expiresAtMs: undefined,
    });
  });

  test.each([
    ["a Date", new Date(1_767_225_600_000)],
    ["ISO text", "2026-01-01T00:00:00Z"],
    ["seconds", 1_767_225_600],
    ["milliseconds", 1_767_225_600_000],
    ["seconds as text", "1767225600"],
  ])("a time may be %s", (_, value) => {
    expect(timeOf(value)).toBe(1_767_225_600_000);
  });
});
