/** The policy of a form: what it allows, and how the service says no. */
import { describe, expect, test } from "vitest";
import { type Post, post, withField } from "./posting.js";
import { emulatorWith } from "./world.js";

const minute = 60_000;
const policyOf = (text: string) => withField("policy", Buffer.from(text).toString("base64"));

async function answerTo(what: Post) {
  const emulator = await emulatorWith();
  const { status, xml } = await post(emulator, what);
  const stored = emulator.objects("demo").length;
  return { status, code: xml?.Code, message: xml?.Message, stored };
}

const stored = { status: 204, stored: 1 };
const failed = (said: string) => ({
  status: 403,
  code: "AccessDenied",
  message: `Invalid according to Policy: Policy Condition failed: ${said}`,
  stored: 0,
});

describe("conditions on fields", () => {
  test.each<[unknown, Readonly<Record<string, string>>, "holds" | "fails"]>([
    [{ key: "k" }, {}, "holds"],
    [{ KEY: "k" }, {}, "holds"],
    [{ key: "K" }, {}, "fails"],
    [{ bucket: "demo" }, {}, "holds"],
    [{ bucket: "other" }, {}, "fails"],
    [["eq", "$key", "k"], {}, "holds"],
    [["eq", "$key", "kk"], {}, "fails"],
    [["starts-with", "$key", "k"], {}, "holds"],
    [["starts-with", "$key", ""], {}, "holds"],
    [["starts-with", "$key", "a/"], {}, "fails"],
    [["in", "$x-oss-content-type", ["a/b", "c/d"]], { "x-oss-content-type": "c/d" }, "holds"],
    [["in", "$x-oss-content-type", ["a/b", "c/d"]], { "x-oss-content-type": "e/f" }, "fails"],
    [["not-in", "$cache-control", ["no-cache"]], { "Cache-Control": "max-age=1" }, "holds"],
    [["not-in", "$cache-control", ["no-cache"]], { "Cache-Control": "no-cache" }, "fails"],
    [["eq", "$x-oss-meta-a", "b"], {}, "fails"],
    [["eq", "$x-oss-object-acl", ""], {}, "holds"],
    [["eq", "$x-oss-object-acl", ""], { "x-oss-object-acl": "public-read" }, "fails"],
    [["eq", "$callback", ""], { callback: "e30=" }, "fails"],
  ])("%j with %j %s", async (condition, fields, outcome) => {
    const answer = await answerTo({ conditions: [condition], fields });

    if (outcome === "holds") expect(answer).toMatchObject(stored);
    else expect(answer).toMatchObject({ ...failed(""), message: expect.stringContaining("Policy Condition failed: ") });
  });

  test("the refusal says which condition failed", async () => {
    expect(await answerTo({ conditions: [["starts-with", "$key", "user/eric/"]] })).toEqual(
      failed('["starts-with","$key","user/eric/"]'),
    );
  });

  test("a field that no condition names is not looked at, as the service documents it", async () => {
    expect(await answerTo({ conditions: [["eq", "$key", "k"]], fields: { "x-oss-meta-a": "b" } })).toMatchObject(
      stored,
    );
  });
});

test.each([
  [[3, 3], 204, undefined],
  [[0, 3], 204, undefined],
  [[4, 9], 400, "EntityTooSmall"],
  [[0, 2], 400, "EntityTooLarge"],
])("a file of 3 bytes within %j is answered %i %s", async ([min, max], status, code) => {
  const answer = await answerTo({ file: "abc", conditions: [["content-length-range", min, max]] });

  expect(answer).toMatchObject({ status, code, stored: code === undefined ? 1 : 0 });
});

test("of several ranges each has to be kept", async () => {
  const conditions = [
    ["content-length-range", 0, 9],
    ["content-length-range", 0, 2],
  ];

  expect(await answerTo({ file: "abc", conditions })).toMatchObject({ code: "EntityTooLarge", stored: 0 });
});

test("a policy is good until its end, by the service's clock", async () => {
  const expired = {
    status: 403,
    code: "AccessDenied",
    message: "Invalid according to Policy: Policy expired.",
    stored: 0,
  };

  expect(await answerTo({ expiration: new Date(Date.now() + minute).toISOString() })).toMatchObject(stored);
  expect(await answerTo({ expiration: new Date(Date.now() - 1000).toISOString() })).toEqual(expired);
  expect(await answerTo({ time: Date.now() - 10 * minute })).toEqual(expired);
});

test.each([
  ["is 16 minutes behind", -16 * minute],
  ["is 16 minutes ahead", 16 * minute],
])("a page whose clock %s is told the service's time", async (_what, offset) => {
  const emulator = await emulatorWith();

  const { status, xml } = await post(emulator, { time: Date.now() + offset });

  expect([status, xml?.Code]).toEqual([403, "RequestTimeTooSkewed"]);
  expect(Math.abs(Date.parse(xml?.ServerTime ?? "") - Date.now())).toBeLessThan(minute);
});

test.each<[string, Post, string]>([
  ["not base64", { spoil: withField("policy", "{}") }, "SignatureDoesNotMatch"],
  [
    "another than was signed",
    { spoil: policyOf('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}') },
    "SignatureDoesNotMatch",
  ],
  ["without an end", { expiration: undefined }, "InvalidPolicyDocument"],
  ["with an end that is no time", { expiration: "tomorrow" }, "InvalidPolicyDocument"],
  ["with an end in another zone", { expiration: "2999-01-01T00:00:00+08:00" }, "InvalidPolicyDocument"],
  ["with a condition that is a number", { conditions: [123] }, "InvalidPolicyDocument"],
  ["with a condition on two fields", { conditions: [{ key: "k", bucket: "demo" }] }, "InvalidPolicyDocument"],
  ["with an empty condition", { conditions: [{}] }, "InvalidPolicyDocument"],
  ["with a number for a field", { conditions: [{ key: 1 }] }, "InvalidPolicyDocument"],
  ["with an unknown operator", { conditions: [["ne", "$key", "k"]] }, "InvalidPolicyDocument"],
  ["with a field without $", { conditions: [["eq", "key", "k"]] }, "InvalidPolicyDocument"],
  [
    "with a text where a list has to be",
    { conditions: [["not-in", "$cache-control", "no-cache"]] },
    "InvalidPolicyDocument",
  ],
  ["with a range of texts", { conditions: [["content-length-range", "0", "9"]] }, "InvalidPolicyDocument"],
  ["with a range that is upside down", { conditions: [["content-length-range", 9, 0]] }, "InvalidPolicyDocument"],
])("a policy %s is refused", async (_what, what, code) => {
  expect(await answerTo(what)).toMatchObject({ code, stored: 0 });
});

test.each(["x-oss-signature-version", "x-oss-credential", "x-oss-date", "policy", "x-oss-signature"])(
  "a form without %s is refused",
  async (name) => {
    expect(await answerTo({ spoil: withField(name, undefined) })).toMatchObject({
      status: 400,
      code: "InvalidArgument",
      stored: 0,
    });
  },
);

test.each<[string, string, string]>([
  ["x-oss-signature", "0".repeat(64), "SignatureDoesNotMatch"],
  ["x-oss-signature-version", "OSS2", "InvalidArgument"],
  ["x-oss-credential", "nobody/20260101/cn-hangzhou/oss/aliyun_v4_request", "InvalidAccessKeyId"],
  ["x-oss-credential", "emulator-access-key-id/20200101/cn-hangzhou/oss/aliyun_v4_request", "InvalidArgument"],
  ["x-oss-credential", "emulator-access-key-id/20200101/cn-beijing/oss/aliyun_v4_request", "InvalidArgument"],
  ["x-oss-date", "yesterday", "AccessDenied"],
  ["x-oss-security-token", "none", "InvalidSecurityToken"],
  ["key", "other", "AccessDenied"],
  ["OSSAccessKeyId", "id", "NotImplemented"],
])("a form whose %s is %j is refused: %s", async (name, value, code) => {
  expect(await answerTo({ spoil: withField(name, value) })).toMatchObject({ code, stored: 0 });
});

test("the date of the form has to be the one that the policy names", async () => {
  const spoil = (fields: readonly (readonly [string, string])[]) =>
    fields.map(([name, value]) => [name, name === "x-oss-date" ? value.replace(/\d\dZ$/, "00Z") : value] as const);

  const answer = await answerTo({ time: Date.parse(`${new Date().toISOString().slice(0, 17)}31Z`) - minute, spoil });

  expect(answer).toMatchObject({ code: "AccessDenied", stored: 0 });
});
