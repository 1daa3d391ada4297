/** Who is measured, and how each is set up. */

export interface Contestant {
  /** As the tables call it. */
  readonly name: string;
  /** File in `page/`. */
  readonly page: string;
  readonly partSize?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Others are measured as often as `--runs` says; this one once in three rounds, because it takes so long. */
  readonly slow?: boolean;
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

export const peers = {
  aliOss: { name: "ali-oss", page: "ali-oss" },
  aliOssEqual: { name: "ali-oss, 8 MiB", page: "ali-oss", ...equal },
  aliOssMd5: { name: "ali-oss with MD5", page: "ali-oss", options: { disabledMD5: false }, slow: true },
  uppy: { name: "Uppy aws-s3", page: "uppy" },
  uppyEqual: { name: "Uppy aws-s3, 8 MiB", page: "uppy", ...equal },
  tus: { name: "tus-js-client", page: "tus" },
  tusParallel: { name: "tus-js-client × 4, 8 MiB", page: "tus", ...equal, options: { parallelUploads: 4 } },
  libStorage: { name: "AWS lib-storage", page: "lib-storage" },
  libStorageEqual: { name: "AWS lib-storage, 8 MiB", page: "lib-storage", ...equal },
  libStorageNoChecksum: {
    name: "AWS lib-storage, no checksum",
    page: "lib-storage",
    options: { client: { requestChecksumCalculation: "WHEN_REQUIRED" } },
  },
} as const satisfies Record<string, Contestant>;

export const all: readonly Contestant[] = [ceiling, barePut, ...Object.values(ours), ...Object.values(peers)];
