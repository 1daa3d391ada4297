/** What every contestant is told, and what it does. Types only. */

export interface Task {
  /** OSS, for those who speak it: `http://127.0.0.1:PORT`. */
  readonly oss: string;
  /** The sink for S3 and tus. */
  readonly others: string;
  readonly bucket: string;
  /** Different in every run. File n of several goes to `{key}-{n}`. */
  readonly key: string;
  /** Bytes; undefined for the contestant's own choice. */
  readonly partSize?: number;
  /** Are the frames of the page counted? */
  readonly frames?: boolean;
  /** Is what the page is told of its progress noted, with `window.bench.tell`? */
  readonly watched?: boolean;
  /** What else this contestant understands. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What an app does when its page opens, long before anything is picked. */
export type Ready = (task: Task) => Promise<unknown>;
/** Uploads all files. Resolves when the server has them, and the contestant says so. */
export type Start = (files: readonly File[], task: Task) => Promise<unknown>;
