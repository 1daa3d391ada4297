/** `<input accept>` in the words of Chromium's file picker, which throws at what the input only ignores. Pure. */

export interface AcceptedType {
  readonly accept: Readonly<Record<string, readonly string[]>>;
}

/** What the picker takes as a type: no parameters, and a wildcard for the subtype alone. */
const mediaType = /^[a-z0-9!#$&^_.+-]+\/(\*|[a-z0-9!#$&^_.+-]+)$/;
/** What the picker takes as an extension: of these characters, at most 16 of them, the dot among them, and no dot at its end. */
const extension = /^(?=.{2,16}$)\.[a-z0-9+.]*[a-z0-9+]$/;

/**
 * @param accept extensions and types with commas between; what is neither is ignored, as an input does
 * @returns undefined for any file: also where the picker has no word for one of them, since it would hide what the input shows
 */
export function acceptedTypes(accept: unknown): readonly [AcceptedType] | undefined {
  const wanted = String(accept ?? "")
    .split(",")
    .map((entry) => entry.trim().toLowerCase());
  const valid = wanted.filter((entry) => /^\..|^[^/;]+\/[^/;]+$/.test(entry));
  const types = valid.filter((entry) => mediaType.test(entry));
  const extensions = valid.filter((entry) => extension.test(entry));
  if (valid.length === 0 || types.length + extensions.length < valid.length) return undefined;
  const byExtension = extensions.length > 0 ? { "application/octet-stream": extensions } : {};
  return [{ accept: { ...Object.fromEntries(types.map((type) => [type, []])), ...byExtension } }];
}
