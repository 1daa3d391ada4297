/** The key that the local service knows. It opens nothing else. */
export const account = {
  accessKeyId: "emulator-access-key-id",
  accessKeySecret: "emulator-access-key-secret",
} as const;
export const region = "cn-hangzhou";
