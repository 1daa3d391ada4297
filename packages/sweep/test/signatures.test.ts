/** The sweep's requests are signed as the library signs its own. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { signV4 } from "../../core/src/store/oss/sign-v4.js";
import { signed } from "../src/sign.js";

const text = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).filter((one) => !/[\p{Cc}\p{Cs}]/u.test(one));

test.each([undefined, "a/token+="])("whatever key and query, with the token %s", async (securityToken) => {
  const place = { region: "cn-hangzhou", bucket: "user-files" };
  const keys = { accessKeyId: "id", accessKeySecret: "secret", securityToken };
  const at = new Date("2026-11-29T12:00:00Z");
  await fc.assert(
    fc.asyncProperty(text, fc.dictionary(text, text), async (key, query) => {
      const request = { method: "GET", key, query } as const;
      const theirs = await signV4({ ...request, bucket: place.bucket, headers: {} }, keys, place, at.getTime());

      expect(signed(request, { ...place, ...keys }, at)).toEqual(theirs);
    }),
  );
});
