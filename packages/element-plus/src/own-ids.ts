/** el-upload names rows by numbers, and an uploader's rows have names of their own. */

export interface OwnIds {
  /** Notes that the kit's row is an upload now. @returns the row's id */
  handedOver(uid: number): string;
  isHandedOver(uid: number): boolean;
  idOf(uid: number): string;
  uidOf(id: string): number;
}

const mark = "el-";

/** For one el-upload: a later one gives numbers to the rows that it finds. */
export function ownIds(): OwnIds {
  const given = new Map<string, number>();
  const ids = new Map<number, string>();
  const handed = new Set<number>();
  return {
    handedOver(uid) {
      handed.add(uid);
      return `${mark}${uid}`;
    },
    isHandedOver: (uid) => handed.has(uid) || ids.has(uid),
    idOf: (uid) => ids.get(uid) ?? `${mark}${uid}`,
    uidOf(id) {
      const known = given.get(id);
      if (known !== undefined) return known;
      // The kit's are large; an earlier el-upload of the page may have named this row.
      const uid = id.startsWith(mark) ? Number(id.slice(mark.length)) : -given.size - 1;
      given.set(id, uid);
      ids.set(uid, id);
      return uid;
    },
  };
}
