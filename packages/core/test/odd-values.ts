/** What may stand in place of an option where no compiler looks, and how such a call ends. */
import fc from "fast-check";
import { expect } from "vitest";
import { isUploadError } from "../src/errors.js";

/** A value of which nothing can be asked. */
const throwing = () =>
  new Proxy(
    {},
    {
      get: () => {
        throw new TypeError("no");
      },
      ownKeys: () => {
        throw new TypeError("no");
      },
    },
  );
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
export const cyclic = () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
};

const hostile: readonly (() => unknown)[] = [
  throwing,
  revoked,
  cyclic,
  () => Symbol("s"),
  () => () => 1,
  () => class {},
  () => new Proxy([1], {}),
  () => new Proxy(new Map(), {}),
  () => new Proxy(new Date(), {}),
  () => new Proxy(AbortSignal.abort(), {}),
  () => new Date(Number.NaN),
  () => new Headers({ a: "b" }),
  () => ({ toString: throwing }),
  () => ({ algorithm: Symbol("s"), url: [Symbol("s")], body: 7n }),
  () => Object.defineProperty({}, "url", { get: throwing, enumerable: true }),
  () => Object.defineProperty({}, "key", { get: () => Reflect.get(throwing(), "key"), enumerable: true }),
];

/** As functions: what makes a report of a failure looks at values, too. */
export const odd = fc.oneof(
  fc
    .oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.anything({ withNullPrototype: true, withObjectString: true, withSparseArray: true, withBoxedValues: true }),
      fc.dictionary(fc.string(), fc.string({ unit: "binary" })),
    )
    .map((value) => () => value),
  fc.constantFrom(...hostile),
);

/** What a call throws; undefined where it works. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
}

export function expectRefusal(error: unknown): void {
  expect(isUploadError(error) ? error.code : error).toBe("invalid-option");
}
