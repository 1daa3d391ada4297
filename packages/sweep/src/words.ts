/** Ages, sizes and keys as the command prints them, and the lifecycle rule. Pure. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** @param text as "90m", "36h", "7d" @returns milliseconds @throws TypeError */
export function readAge(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count === "")
    throw new TypeError(`--older-than ${text} is not a number of minutes, hours or days, as 90m, 36h or 7d`);
  return Number(count) * (unit === "m" ? minute : unit === "h" ? hour : day);
}

/** In the largest unit of which there are at least two. */
export function age(ms: number): string {
  if (ms >= 2 * day) return `${Math.floor(ms / day)} d`;
  if (ms >= 2 * hour) return `${Math.floor(ms / hour)} h`;
  return `${Math.max(0, Math.floor(ms / minute))} min`;
}

export function size(bytes: number | undefined): string {
  if (bytes === undefined) return "?";
  for (const [unit, of] of [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
    ["KiB", 2 ** 10],
  ] as const) {
    if (bytes >= of) return `${(bytes / of).toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}

/** Without what a terminal would obey: anybody who may upload chooses keys. */
export function printable(key: string): string {
  return key.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** The rule that makes the service do it by itself. Days are rounded up. */
export function lifecycleRule(prefix: string, olderThanMs: number): string {
  const escaped = prefix.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
  return `<LifecycleConfiguration>
  <Rule>
    <ID>unfinished-uploads</ID>
    <Prefix>${escaped}</Prefix>
    <Status>Enabled</Status>
    <AbortMultipartUpload>
      <Days>${Math.max(1, Math.ceil(olderThanMs / day))}</Days>
    </AbortMultipartUpload>
  </Rule>
</LifecycleConfiguration>
`;
}
