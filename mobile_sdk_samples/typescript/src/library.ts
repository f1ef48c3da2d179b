/** What the story asks of a sign-in library. `identity_js.ts` and `amplify.ts` are the two that answer. */

import type { S3ClientConfig } from "@aws-sdk/client-s3";

export interface Library {
  /** As npm calls it, for the first line. */
  readonly name: string;
  signUp(email: string, password: string): Promise<void>;
  confirmSignUp(email: string, code: string): Promise<void>;
  /** Sign in by SRP. `totpCode` is called if, and only if, the pool asks for the second factor. */
  signIn(email: string, password: string, totpCode: () => Promise<string>): Promise<void>;
  /** Enrol an authenticator app and prefer it. `firstCode` gets the secret in base32. */
  setUpTotp(firstCode: (secret: string) => Promise<string>): Promise<void>;
  rememberDevice(): Promise<void>;
  /** The signed-in user's identity, the keys of its role, and the tokens that they came of. */
  identity(): Promise<Identity>;
  /** Forget the tokens, on this device only; the device record stays. */
  signOut(): Promise<void>;
}

export interface Identity {
  /** `REGION:UUID`: the prefix and the partition that belong to this user. */
  readonly id: string;
  readonly credentials: NonNullable<S3ClientConfig["credentials"]>;
  readonly tokens: Tokens;
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken: string;
}
