/** What is refused for its signature, its signer or its clock, and what the refusals say. */
import { describe, expect, test } from "vitest";
import { defaultAccount, type Emulator } from "../src/index.js";
import { type Call, createClient, fromToken, type Reply, send, signed } from "./signed-client.js";
import { emulatorWith } from "./world.js";

const put: Call = { method: "PUT", bucket: "demo", key: "a b+c/ü", body: "x" };
const minute = 60_000;
const styles = ["v4", "v4-url", "v1", "v1-url"] as const;

/** Sends a call as signed, but for what is changed in it afterwards. */
function tampered(
  emulator: Emulator,
  call: Call,
  change: (request: { path: string; headers: Record<string, string> }) => void,
): Promise<Reply> {
  const request = signed(call, defaultAccount);
  change(request);
  const headers = { "content-length": Buffer.byteLength(call.body ?? ""), ...request.headers };
  return send(emulator.port, { method: call.method, path: request.path, headers }, call.body);
}

describe.each(styles)("a request signed as %s", (sign) => {
  test("is served", async () => {
    const emulator = await emulatorWith();

    const reply = await createClient(emulator).call({ ...put, sign });

    expect(reply.status).toBe(200);
  });

  test("is refused with a wrong secret, and told what was to be signed, but no secret", async () => {
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

  test("may be signed by a temporary key, with its token and with no other", async () => {
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

describe("the clock", () => {
  const now = Date.parse("2026-05-05T12:00:00Z");

  test.each(["v4", "v1"] as const)(
    "a header signature (%s) may be 15 minutes off, either way, and no more",
    async (sign) => {
      const emulator = await emulatorWith({ now: () => now });
      const client = createClient(emulator);
      const at = (time: number) => client.call({ ...put, sign, time });

      const fine = await Promise.all([at(now - 15 * minute), at(now + 15 * minute)]);
      const late = await at(now - 15 * minute - 1000);
      const early = await at(now + 15 * minute + 1000);

      expect(fine.map(({ status }) => status)).toEqual([200, 200]);
      expect([late.status, early.status]).toEqual([403, 403]);
      expect(late.xml).toMatchObject({
        Code: "RequestTimeTooSkewed",
        EC: "0002-00000504",
        MaxAllowedSkewMilliseconds: "900000",
        RequestTime: "2026-05-05T11:44:59.000Z",
        ServerTime: "2026-05-05T12:00:00.000Z",
      });
    },
  );

  test("a V4 scope of another year is refused without the server's time", async () => {
    const emulator = await emulatorWith({ now: () => now });

    const { status, xml } = await createClient(emulator).call({ ...put, time: Date.parse("2001-01-01T00:00:00Z") });

    expect([status, xml?.Code, xml?.EC]).toEqual([400, "InvalidArgument", "0002-00000212"]);
    expect(xml?.Message).toBe("Invalid signing date in Authorization header.");
    expect(xml).not.toHaveProperty("ServerTime");
  });

  test("skewing it moves the Date header and what counts as skewed, but ages no token", async () => {
    const emulator = await emulatorWith({ now: () => now });
    const token = emulator.issueToken({ expiresInMs: minute });
    const client = createClient(emulator, fromToken(token));
    emulator.skewClock(60 * minute);

    const wrong = await client.call({ ...put, time: now });
    const right = await client.call({ ...put, time: now + 60 * minute });

    expect([wrong.xml?.Code, wrong.xml?.ServerTime]).toEqual(["RequestTimeTooSkewed", "2026-05-05T13:00:00.000Z"]);
    expect(wrong.headers.date).toBe("Tue, 05 May 2026 13:00:00 GMT");
    expect(right.status).toBe(200);
  });

  test("a V4 URL lives from 15 minutes before its date to its end", async () => {
    let time = now;
    const emulator = await emulatorWith({ now: () => time });
    const client = createClient(emulator);
    const at = (server: number) => {
      time = server;
      return client.call({ ...put, sign: "v4-url", time: now, expires: 600 });
    };

    const early = await at(now - 15 * minute - 1000);
    const first = await at(now - 15 * minute);
    const last = await at(now + 10 * minute);
    const late = await at(now + 10 * minute + 1000);

    expect([early.xml?.Code, early.xml?.EC]).toEqual(["AccessDenied", "0002-00000235"]);
    expect([first.status, last.status]).toEqual([200, 200]);
    expect(late.xml).toMatchObject({
      Code: "AccessDenied",
      Message: "Request has expired.",
      Expires: "2026-05-05T12:10:00.000Z",
      ServerTime: "2026-05-05T12:10:01.000Z",
    });
  });

  test("a V4 URL signed six days ago for seven still works", async () => {
    const emulator = await emulatorWith({ now: () => now });

    const reply = await createClient(emulator).call({
      ...put,
      sign: "v4-url",
      time: now - 6 * 24 * 60 * minute,
      expires: 604_800,
    });

    expect(reply.status).toBe(200);
  });

  test("a V1 URL dies at its Expires", async () => {
    const emulator = await emulatorWith({ now: () => now });
    const client = createClient(emulator);

    const last = await client.call({ ...put, sign: "v1-url", time: now - 60_000, expires: 60 });
    const late = await client.call({ ...put, sign: "v1-url", time: now - 61_000, expires: 60 });

    expect([last.status, late.status]).toEqual([200, 403]);
    expect(late.xml).toMatchObject({ Code: "AccessDenied", Message: "Request has expired." });
  });
});

describe("malformed signatures", () => {
  const header = async (change: (headers: Record<string, string>) => void): Promise<Reply> => {
    const emulator = await emulatorWith();
    return tampered(emulator, put, ({ headers }) => change(headers));
  };
  const url = async (from: RegExp, to: string): Promise<Reply> => {
    const emulator = await emulatorWith();
    return tampered(emulator, { ...put, sign: "v4-url" }, (request) => {
      request.path = request.path.replace(from, to);
    });
  };

  test("no date", async () => {
    const { status, xml } = await header((headers) => Reflect.deleteProperty(headers, "x-oss-date"));

    expect([status, xml?.EC]).toEqual([403, "0002-00000503"]);
  });

  test("a date that is none", async () => {
    const { status, xml } = await header((headers) => Object.assign(headers, { "x-oss-date": "yesterday" }));

    expect([status, xml?.EC]).toEqual([403, "0002-00000505"]);
  });

  test("a hashed payload, which the service does not know", async () => {
    const { status, xml } = await header((headers) => Object.assign(headers, { "x-oss-content-sha256": "e3b0c442" }));

    expect([status, xml?.ArgumentName]).toEqual([400, "x-oss-content-sha256"]);
  });

  test.each([
    ["region", "cn-hangzhou", "cn-beijing"],
    ["product", "/oss/", "/s3/"],
  ])("a scope of another %s", async (word, from, to) => {
    const { status, xml } = await header((headers) => {
      headers.authorization = headers.authorization?.replace(from, to) ?? "";
    });

    expect([status, xml?.Message]).toEqual([400, `Invalid signing ${word} in Authorization header.`]);
  });

  test.each(["OSS4-HMAC-SHA256 nonsense", "OSS nonsense", "AWS4-HMAC-SHA256 Credential=a", ""])(
    "the Authorization header %j",
    async (authorization) => {
      const { status, xml } = await header((headers) => Object.assign(headers, { authorization }));

      expect([status, xml?.Code]).toEqual([400, "InvalidArgument"]);
    },
  );

  test("the fields of the Authorization header may stand in any order, with spaces between", async () => {
    const reply = await header((headers) => {
      const [credential, signature] = headers.authorization?.replace("OSS4-HMAC-SHA256 ", "").split(",") ?? [];
      headers.authorization = `OSS4-HMAC-SHA256 ${signature}, ${credential}`;
    });

    expect(reply.status).toBe(200);
  });

  test("both a URL and a header signature", async () => {
    const emulator = await emulatorWith();

    const { status, xml } = await tampered(emulator, { ...put, sign: "v4-url" }, ({ headers }) => {
      headers.authorization = "OSS a:b";
    });

    expect([status, xml?.Code]).toEqual([400, "InvalidArgument"]);
  });

  test.each([
    ["no x-oss-expires", /&x-oss-expires=\d+/, "", "0002-00000215"],
    ["empty additional headers", /$/, "&x-oss-additional-headers=", "0002-00000076"],
    ["a scope date that is not its date's", /%2F\d{8}%2F/, "%2F20200101%2F", "0002-00000223"],
  ])("a V4 URL with %s", async (_, from, to, ec) => {
    const { status, xml } = await url(from, to);

    expect([status, xml?.Code, xml?.EC]).toEqual([400, "InvalidArgument", ec]);
  });

  test.each(["0", "604801", "1.5"])("a V4 URL that is to live for %s seconds", async (seconds) => {
    const { status, xml } = await url(/x-oss-expires=\d+/, `x-oss-expires=${seconds}`);

    expect([status, xml?.ArgumentName]).toEqual([400, "x-oss-expires"]);
  });

  test("a V1 URL without its Expires", async () => {
    const emulator = await emulatorWith();

    const { status, xml } = await tampered(emulator, { ...put, sign: "v1-url" }, (request) => {
      request.path = request.path.replace(/&?Expires=\d+/, "");
    });

    expect([status, xml?.Code]).toEqual([403, "AccessDenied"]);
  });
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

test("a token's strings have the characters that careless encoding loses", async () => {
  const emulator = await emulatorWith({ now: () => Date.parse("2026-05-05T12:00:00.700Z") });

  const token = emulator.issueToken({ expiresInMs: minute });

  expect(token.AccessKeyId).toMatch(/^STS\.[A-Za-z0-9]+$/);
  expect(token.SecurityToken).toMatch(/^CAIS.*\+.*\/.*==$/);
  expect(token.Expiration).toBe("2026-05-05T12:01:00Z");
});

test("a revoked token's key is unknown", async () => {
  const emulator = await emulatorWith();
  const token = emulator.issueToken({ expiresInMs: minute });

  const revoked = [emulator.revokeToken(token.AccessKeyId), emulator.revokeToken(token.AccessKeyId)];
  const reply = await createClient(emulator, fromToken(token)).call(put);

  expect(revoked).toEqual([true, false]);
  expect(reply.xml?.Code).toBe("InvalidAccessKeyId");
});
