import { describe, expect, test } from "vitest";
import { readOssCredentials } from "../oss/oss-credentials.js";
import { credentialsSource } from "./credentials.js";
import { serviceClock } from "./service-clock.js";

const start = Date.UTC(2026, 0, 1);
const signal = new AbortController().signal;
const words = { adapter: "ossStore()", read: readOssCredentials };

describe("credentials that are given", () => {
  test("are the same for ever, and nothing comes of asking again", async () => {
    const source = credentialsSource(
      { accessKeyId: "key", accessKeySecret: "secret" },
      words,
      serviceClock(() => start, 900_000),
    );

    const credentials = await source.current({ signal });

    expect(source.refused(credentials, 0)).toBe("final");
    expect(await source.current({ signal })).toBe(credentials);
  });

  test("that make no sense are an invalid option", () => {
    const given = { accessKeyId: "key", accessKeySecret: "" };

    expect(() =>
      credentialsSource(
        given,
        words,
        serviceClock(() => start, 900_000),
      ),
    ).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
