/** Whether a file is of the types that `accept` names. Browsers use `accept` for their pickers alone; a drop brings anything. Pure. */

/** @param accept as of `<input accept>`: ".mp4,image/*"; "" accepts all */
export function accepts(accept: string, { name, type }: Pick<File, "name" | "type">): boolean {
  const wanted = accept
    .toLowerCase()
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  if (wanted.length === 0) return true;
  return wanted.some((one) => {
    if (one.startsWith(".")) return name.toLowerCase().endsWith(one);
    return one.endsWith("/*") ? type.startsWith(one.slice(0, -1)) : type === one;
  });
}
