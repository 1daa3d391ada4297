/**
 * Reads the Range header as the service does. It ignores a range that does not fit the object, unless the client asks for the
 * behaviour of the HTTP standard. Pure.
 */
import { refusal } from "../oss-error.js";
import type { ByteRange } from "../storage/body-files.js";

/**
 * @returns undefined for the whole object
 * @throws OssError `InvalidRange`, only with `x-oss-range-behavior: standard`
 * @see https://help.aliyun.com/zh/oss/developer-reference/getobject
 */
export function rangeOf(headers: Readonly<Record<string, string>>, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "");
  const [, first = "", last = ""] = match ?? [];
  // Both behaviours ignore several ranges, other units and malformed headers.
  if (match === null || (first === "" && last === "")) return undefined;
  const isStandard = headers["x-oss-range-behavior"] === "standard";
  const suffix = Number(last);
  const start = first === "" ? size - suffix : Number(first);
  const end = first === "" || last === "" ? size : suffix + 1;
  if (start >= 0 && start < end && end <= size) return { start, end };
  if (!isStandard || (first !== "" && last !== "" && Number(first) > suffix)) return undefined;
  if (start >= size)
    throw refusal("InvalidRange", {
      extras: { ActualObjectSize: String(size), RangeRequested: headers.range ?? "" },
    });
  return { start: Math.max(start, 0), end: Math.min(end, size) };
}

export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.end - 1}/${size}`;
}
