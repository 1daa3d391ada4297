/** Who is measured, and how each is set up. */

export interface Contestant {
  /** As the tables call it. */
  readonly name: string;
  /** File in `page/`. */
  readonly page: string;
  readonly partSize?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  /** It draws what it tells, and the frames of its page are counted. */
  readonly frames?: boolean;
  /** Share of the rounds that it takes part in: what is not ours, and takes its time, is measured less often. Default: 1. */
  readonly share?: number;
}

const MiB = 2 ** 20;
export const equalPartSize = 8 * MiB;
const equal = { partSize: equalPartSize };

export const ceiling: Contestant = { name: "ceiling: slices × 6", page: "bare", ...equal };
export const barePut: Contestant = { name: "bare PUT", page: "bare" };

export const ours = {
  none: { name: 'Ossicle "none"', page: "ossicle", options: { integrity: "none" } },
  crc64: { name: 'Ossicle "crc64"', page: "ossicle", options: { integrity: "crc64" } },
  both: { name: 'Ossicle "md5+crc64"', page: "ossicle" },
  bothEqual: { name: 'Ossicle "md5+crc64", 8 MiB', page: "ossicle", ...equal },
} as const satisfies Record<string, Contestant>;

/** With a list of uploads on the page. */
export const drawn = {
  bare: { name: "bare PUT × 6", page: "bare-rows", frames: true },
  both: { name: ours.both.name, page: "ossicle-rows", frames: true },
} as const satisfies Record<string, Contestant>;

/** On a line that people have. The names say what each does by itself, or what an app of today would choose. */
export const onLines = {
  bare: { name: "bare XHR, 1 MiB × 3", page: "bare", partSize: MiB, options: { connections: 3 } },
  ours: { name: "Ossicle", page: "ossicle" },
  aliOss: { name: "ali-oss", page: "ali-oss" },
  tusParallel: { name: "tus-js-client × 4", page: "tus", ...equal, options: { parallelUploads: 4 } },
  uppy: { name: "Uppy aws-s3", page: "uppy" },
} as const satisfies Record<string, Contestant>;

/** Five uploads of a page that gives up on silence soon; the time is that of the last four. */
export const lastFour: Contestant = { name: "Ossicle", page: "ossicle-last-four", options: { stallTimeoutMs: 1500 } };

/** A site with a service worker has its hands in every request. */
export const behind: Contestant = { name: "Ossicle", page: "ossicle-behind" };

const often = { share: 0.6 };
const seldom = { share: 0.4 };

export const peers = {
  aliOss: { name: "ali-oss", page: "ali-oss", ...often },
  aliOssEqual: { name: "ali-oss, 8 MiB", page: "ali-oss", ...equal, ...often },
  aliOssMd5: { name: "ali-oss with MD5", page: "ali-oss", options: { disabledMD5: false }, ...seldom },
  uppy: { name: "Uppy aws-s3", page: "uppy", ...often },
  uppyEqual: { name: "Uppy aws-s3, 8 MiB", page: "uppy", ...equal, ...often },
  tus: { name: "tus-js-client", page: "tus", ...often },
  tusParallel: {
    name: "tus-js-client × 4, 8 MiB",
    page: "tus",
    ...equal,
    options: { parallelUploads: 4 },
    ...often,
  },
  libStorage: { name: "AWS lib-storage", page: "lib-storage", ...seldom },
  libStorageEqual: { name: "AWS lib-storage, 8 MiB", page: "lib-storage", ...equal, ...seldom },
  libStorageNoChecksum: {
    name: "AWS lib-storage, no checksum",
    page: "lib-storage",
    options: { client: { requestChecksumCalculation: "WHEN_REQUIRED" } },
    ...seldom,
  },
} as const satisfies Record<string, Contestant>;

export const all: readonly Contestant[] = [ceiling, barePut, ...Object.values(ours), ...Object.values(peers)];
