/** Valid signatures, wrong secrets, changed requests, unknown keys, tokens. */
import { describe, expect, test } from "vitest";
import { defaultAccount } from "../src/index.js";
import { type Call, createClient, fromToken } from "./signed-client.js";
import { minute, put, tampered } from "./tampering.js";
import { emulatorWith } from "./world.js";

const styles = ["v4", "v4-url", "v1", "v1-url"] as const;

describe.each(styles)("a request signed as %s", (sign) => {
  test("is served", async () => {
    const emulator = await emulatorWith();

    const reply = await createClient(emulator).call({ ...put, sign });

    expect(reply.status).toBe(200);
  });

  test("is refused with a wrong secret, and the refusal shows the text to sign and no secret", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator, { ...defaultAccount, accessKeySecret: "wrong" });

    const { status, xml, headers, text } = await client.call({ ...put, sign });

    expect([status, xml?.Code, xml?.EC]).toEqual([403, "SignatureDoesNotMatch", "0002-00000040"]);
    expect(headers["x-oss-ec"]).toBe("0002-00000040");
    expect(xml?.OSSAccessKeyId).toBe(defaultAccount.accessKeyId);
    expect(xml?.SignatureProvided).not.toBe("");
    expect(xml?.StringToSign).toContain(sign.startsWith("v4") ? "OSS4-HMAC-SHA256\n" : "/demo/a b+c/ü");
    expect(xml?.StringToSignBytes).toMatch(/^([0-9A-F]{2} )+[0-9A-F]{2}$/);
    expect("CanonicalRequest" in (xml ?? {})).toBe(sign.startsWith("v4"));
    expect(text).not.toContain(defaultAccount.accessKeySecret);
  });

  test("is refused when its path, a signed header or a signed query value was changed on the way", async () => {
    const emulator = await emulatorWith();
    const call: Call = { ...put, sign, query: { partNumber: "1", uploadId: "U" }, headers: { "x-oss-meta-a": "1" } };

    const replies = await Promise.all([
      tampered(emulator, call, (request) => {
        request.path = request.path.replace("a%20b", "other");
      }),
      tampered(emulator, call, ({ headers }) => {
        headers["x-oss-meta-a"] = "2";
      }),
      tampered(emulator, call, ({ headers }) => {
        headers["content-type"] = "text/plain";
      }),
      tampered(emulator, call, (request) => {
        request.path = request.path.replace("partNumber=1", "partNumber=2");
      }),
    ]);

    expect(replies.map(({ xml }) => xml?.Code)).toEqual(Array(4).fill("SignatureDoesNotMatch"));
  });

  test("is refused for an unknown key", async () => {
    const emulator = await emulatorWith();
    const client = createClient(emulator, { accessKeyId: "nobody", accessKeySecret: "x" });

    const { status, xml } = await client.call({ ...put, sign });

    expect([status, xml?.Code, xml?.OSSAccessKeyId]).toEqual([403, "InvalidAccessKeyId", "nobody"]);
  });

  test("may be signed by a temporary key with its own token only", async () => {
    const emulator = await emulatorWith();
    const mine = fromToken(emulator.issueToken({ expiresInMs: minute }));
    const other = fromToken(emulator.issueToken({ expiresInMs: minute }));
    const { accessKeyId, accessKeySecret } = mine;

    const replies = await Promise.all(
      [
        mine,
        { accessKeyId, accessKeySecret },
        { ...mine, securityToken: other.securityToken ?? "" },
        { ...defaultAccount, securityToken: "CAIS" },
      ].map((credentials) => createClient(emulator, credentials).call({ ...put, sign })),
    );

    expect(replies.map(({ xml }) => xml?.Code)).toEqual([
      undefined,
      "InvalidAccessKeyId",
      "InvalidSecurityToken",
      "InvalidSecurityToken",
    ]);
  });

  test.each(["SecurityTokenExpired", "InvalidAccessKeyId"] as const)(
    "is refused as %s when its token has expired, as the emulator is told",
    async (expiredTokenAnswer) => {
      let now = Date.now();
      const emulator = await emulatorWith({ now: () => now, expiredTokenAnswer });
      const client = createClient(emulator, fromToken(emulator.issueToken({ expiresInMs: minute })));

      const before = await client.call({ ...put, sign, time: now });
      now += minute;
      const after = await client.call({ ...put, sign, time: now });

      expect([before.status, after.status, after.xml?.Code]).toEqual([200, 403, expiredTokenAnswer]);
    },
  );
});

test("signed additional headers bind their values", async () => {
  const emulator = await emulatorWith();
  const call: Call = { ...put, headers: { host: `127.0.0.1:${emulator.port}`, abc: "1" }, additional: ["host", "abc"] };

  const asSigned = await tampered(emulator, call, () => {});
  const changed = await tampered(emulator, call, ({ headers }) => {
    headers.abc = "2";
  });

  expect([asSigned.status, changed.status]).toEqual([200, 403]);
});

test("a plus in a query is a space, and %2B a plus", async () => {
  const emulator = await emulatorWith();
  const call: Call = { ...put, query: { extra: "p q+r" } };

  const reply = await tampered(emulator, call, (request) => {
    request.path = request.path.replace("p%20q%2Br", "p+q%2Br");
  });

  expect(reply.status).toBe(200);
});

test("header bytes beyond ASCII are signed as they are sent", async () => {
  const emulator = await emulatorWith();
  const bytes = Buffer.from("grüße", "utf8").toString("latin1");

  const reply = await createClient(emulator).put("k", Buffer.from("x"), { "x-oss-meta-greeting": bytes });
  const head = await createClient(emulator).head("k");

  expect([reply.status, head.headers["x-oss-meta-greeting"]]).toEqual([200, bytes]);
});

test("a token has the characters +, / and =, which a query loses if they are not encoded", async () => {
  const emulator = await emulatorWith({ now: () => Date.parse("2026-05-05T12:00:00.700Z") });

  const token = emulator.issueToken({ expiresInMs: minute });

  expect(token.AccessKeyId).toMatch(/^STS\.[A-Za-z0-9]+$/);
  expect(token.SecurityToken).toMatch(/^CAIS.*\+.*\/.*==$/);
  expect(token.Expiration).toBe("2026-05-05T12:01:00Z");
});

test("the key of a revoked token is unknown", async () => {
  const emulator = await emulatorWith();
  const token = emulator.issueToken({ expiresInMs: minute });

  const revoked = [emulator.revokeToken(token.AccessKeyId), emulator.revokeToken(token.AccessKeyId)];
  const reply = await createClient(emulator, fromToken(token)).call(put);

  expect(revoked).toEqual([true, false]);
  expect(reply.xml?.Code).toBe("InvalidAccessKeyId");
});
