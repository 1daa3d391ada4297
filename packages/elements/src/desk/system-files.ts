/** Files that systems put into folders, and that nobody means to upload. Pure. */

const systemNames = /^(\.ds_store|thumbs\.db|ehthumbs\.db|desktop\.ini|\.localized|\._.*|~\$.*|icon\r)$/i;
const systemFolders = /(^|\/)(__macosx|\$recycle\.bin|\.spotlight-v100|\.trashes|\.fseventsd)\//i;

/** @param path in the folder that was chosen; what was chosen by itself is never one */
export function isSystemFile(path: string): boolean {
  const slash = path.lastIndexOf("/");
  return slash >= 0 && (systemNames.test(path.slice(slash + 1)) || systemFolders.test(path));
}
