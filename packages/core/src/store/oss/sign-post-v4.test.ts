/** Vectors made by node:crypto from the documents; then ali-oss as an oracle on random forms. */
import { createHmac } from "node:crypto";
import oracle from "ali-oss/lib/common/signUtils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownFields } from "../../server/kept-away.js";
import { callbackHeaders } from "./encoded-headers.js";
import { putObjectHeaders } from "./object-headers.js";
import { type PostedObject, postProblem } from "./post-fields.js";
import { type PostTerms, signPostV4 } from "./sign-post-v4.js";

const keys = { accessKeyId: "ak", accessKeySecret: "sk" };
const scope = { region: "cn-hangzhou" };
const atMs = Date.parse("2023-12-16T16:20:57Z");
const terms: PostTerms = { atMs, expiresInSeconds: 300 };
const object: PostedObject = {
  bucket: "examplebucket",
  key: "目录/文件 a+b.bin",
  headers: { "content-type": "text/plain", "content-length": "12" },
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const readPolicy = (policy = "") => JSON.parse(Buffer.from(policy, "base64").toString("utf8"));

test("a form has the fields of the object, the policy and its signature, in the order in which they are sent", async () => {
  const fields = await signPostV4(object, keys, scope, terms);

  const policy = {
    expiration: "2023-12-16T16:25:57.000Z",
    conditions: [
      { bucket: "examplebucket" },
      ["eq", "$key", "目录/文件 a+b.bin"],
      ["eq", "$x-oss-content-type", "text/plain"],
      ["eq", "$success_action_status", "200"],
      ["content-length-range", 12, 12],
      { "x-oss-signature-version": "OSS4-HMAC-SHA256" },
      { "x-oss-credential": "ak/20231216/cn-hangzhou/oss/aliyun_v4_request" },
      { "x-oss-date": "20231216T162057Z" },
    ],
  };
  const encoded = Buffer.from(JSON.stringify(policy)).toString("base64");
  // The signing key of the vendor's vectors for that day: see the vector H1 of the header form.
  const key = Buffer.from("b412a03b134ebddd720f5167b5de6db66620ebb3b01cff4d49e3ccb09f8de97f", "hex");
  expect(hmac(hmac(hmac(hmac("aliyun_v4sk", "20231216"), "cn-hangzhou"), "oss"), "aliyun_v4_request")).toEqual(key);
  expect(Object.entries(fields)).toEqual([
    ["key", "目录/文件 a+b.bin"],
    ["x-oss-content-type", "text/plain"],
    ["success_action_status", "200"],
    ["policy", encoded],
    ["x-oss-signature-version", "OSS4-HMAC-SHA256"],
    ["x-oss-credential", "ak/20231216/cn-hangzhou/oss/aliyun_v4_request"],
    ["x-oss-date", "20231216T162057Z"],
    ["x-oss-signature", hmac(key, encoded).toString("hex")],
  ]);
});

test("a token is a field, which the policy names", async () => {
  const fields = await signPostV4(object, { ...keys, securityToken: "to/k+en==" }, scope, terms);

  expect(fields["x-oss-security-token"]).toBe("to/k+en==");
  expect(readPolicy(fields.policy).conditions).toContainEqual({ "x-oss-security-token": "to/k+en==" });
});

test("every option that a form can carry is a field of its own", async () => {
  const headers = {
    ...putObjectHeaders({
      key: object.key,
      contentType: "text/html",
      cacheControl: "no-cache",
      contentDisposition: "attachment",
      contentEncoding: "gzip",
      expires: new Date(atMs),
      metadata: { A: "b", c: "中" },
      acl: "private",
      encryption: { algorithm: "AES256" },
      callback: { url: "https://app.example/done", body: "x", variables: { "my-var": "中 b" } },
    }),
    "content-length": "12",
  };
  expect(postProblem({ key: object.key, headers })).toBeUndefined();

  const fields = await signPostV4({ ...object, headers }, keys, scope, terms);

  expect(fields).toMatchObject({
    "x-oss-content-type": "text/html",
    "Cache-Control": "no-cache",
    "Content-Disposition": "attachment",
    "Content-Encoding": "gzip",
    Expires: "Sat, 16 Dec 2023 16:20:57 GMT",
    "x-oss-meta-a": "b",
    "x-oss-meta-c": "%E4%B8%AD",
    "x-oss-object-acl": "private",
    "x-oss-server-side-encryption": "AES256",
    callback: callbackHeaders({ url: "https://app.example/done", body: "x" })["x-oss-callback"],
    "x:my-var": "中 b",
  });
  const others = /^(key|policy|success_action_status|x:my-var|x-oss-(meta|signature|credential|date).*)$/;
  expect(knownFields).toEqual(expect.arrayContaining(Object.keys(fields).filter((name) => !others.test(name))));
});

describe("a form for somebody without a key", () => {
  test("names every field that it lacks, so that none can be added", async () => {
    const fields = await signPostV4(object, keys, scope, { ...terms, keptAway: knownFields });

    const { conditions } = readPolicy(fields.policy);
    const absent = knownFields.filter((name) => fields[name] === undefined);
    expect(absent).toContain("callback");
    expect(absent).toContain("x-oss-object-acl");
    for (const name of absent) expect(conditions).toContainEqual(["eq", `$${name}`, ""]);
  });

  test("fixes what it has, and nothing twice", async () => {
    const headers = { ...object.headers, "x-oss-object-acl": "private", "cache-control": "no-cache" };
    const fields = await signPostV4({ ...object, headers }, keys, scope, { ...terms, keptAway: knownFields });

    const { conditions } = readPolicy(fields.policy);
    const named = conditions.filter(Array.isArray).map(([, name]: [string, string]) => name);
    expect(conditions).toContainEqual(["eq", "$x-oss-object-acl", "private"]);
    expect(new Set(named).size).toBe(named.length);
  });
});

test("of any object the policy fixes each field, the size and the end, and is signed as ali-oss signs it", async () => {
  const plain = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'ab/ +é中😀.-_"\\') });
  await fc.assert(
    fc.asyncProperty(
      plain,
      fc.dictionary(fc.constantFrom("x-oss-meta-a", "cache-control", "expires"), plain),
      fc.nat(),
      fc.boolean(),
      async (key, others, size, isClosed) => {
        const headers = { ...object.headers, ...others, "content-length": String(size) };

        const fields = await signPostV4({ ...object, key, headers }, keys, scope, {
          ...terms,
          keptAway: isClosed ? knownFields : [],
        });

        const { policy = "", "x-oss-signature": signature, ...sent } = fields;
        const { conditions } = readPolicy(policy);
        for (const [name, value] of Object.entries(sent)) {
          const fixed = name.startsWith("x-oss-s") || name === "x-oss-credential" || name === "x-oss-date";
          expect(conditions).toContainEqual(fixed ? { [name]: value } : ["eq", `$${name}`, value]);
        }
        expect(conditions).toContainEqual(["content-length-range", size, size]);
        expect(JSON.stringify(conditions)).not.toContain('"starts-with"');
        expect(signature).toBe(oracle.getSignatureV4("sk", "20231216", "cn-hangzhou", policy));
      },
    ),
  );
});

test.each<[string, string, Record<string, string>]>([
  ["a variable in its key", ["up/", "{filename}"].join("$"), {}],
  ["a $ in its key", "a$b", {}],
  ["a $ in metadata", "k", { "x-oss-meta-a": "5$" }],
  ["empty metadata", "k", { "x-oss-meta-a": "" }],
  ["an empty type", "k", { "content-type": "" }],
  ["a name of metadata that no header has", "k", { "x-oss-meta-a\r\nb": "c" }],
  ["no number as its size", "k", { "content-length": "many" }],
  ["an MD5", "k", { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }],
  ["tags", "k", { "x-oss-tagging": "a=b" }],
  ["a ban on overwriting", "k", { "x-oss-forbid-overwrite": "true" }],
  ["a traffic limit", "k", { "x-oss-traffic-limit": "819200" }],
  ["a storage class", "k", { "x-oss-storage-class": "IA" }],
  ["encryption by KMS", "k", { "x-oss-server-side-encryption": "KMS" }],
  ["a KMS key", "k", { "x-oss-server-side-encryption-key-id": "1" }],
  ["a header of another call", "k", { "x-oss-copy-source": "/b/secret" }],
  ["a header that every object has", "k", { constructor: "x" }],
  ["callback variables that are no JSON", "k", { "x-oss-callback-var": "AAAA" }],
  ["a callback variable named as another field", "k", { "x-oss-callback-var": btoa('{"key":"other"}') }],
  ["a callback variable that is no text", "k", { "x-oss-callback-var": btoa('{"x:a":1}') }],
  ["a callback variable with a line break", "k", { "x-oss-callback-var": btoa('{"x:a":"b\\r\\nc"}') }],
  ["a list of callback variables", "k", { "x-oss-callback-var": btoa('["x:a"]') }],
])("an object with %s does not go by a form", (_what, key, others) => {
  expect(postProblem({ key, headers: { ...object.headers, ...others } })).toEqual(expect.any(String));
});

test.each(["content-type", "content-length"])("an object without %s does not go by a form", (name) => {
  const { [name]: _, ...headers } = object.headers;

  expect(postProblem({ key: "k", headers })).toContain(name);
});
