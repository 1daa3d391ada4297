/** The vendor's own signer: an oracle for ours. The package ships no types. */
declare module "ali-oss/lib/common/signUtils.js" {
  interface OracleRequest {
    readonly headers: Readonly<Record<string, string>>;
    readonly queries?: Readonly<Record<string, string | null>>;
    readonly parameters?: Readonly<Record<string, string | undefined>>;
  }
  const signUtils: {
    authorizationV4(
      accessKeyId: string,
      accessKeySecret: string,
      region: string,
      method: string,
      request: OracleRequest,
      bucket: string,
      key: string,
    ): string;
    authorization(accessKeyId: string, accessKeySecret: string, stringToSign: string): string;
    buildCanonicalString(method: string, resource: string, request: OracleRequest): string;
    /** @param date YYYYMMDD */
    getSignatureV4(accessKeySecret: string, date: string, region: string, stringToSign: string): string;
    computeSignature(accessKeySecret: string, stringToSign: string): string;
  };
  export default signUtils;
}
