/** The story's steps with amazon-cognito-identity-js. Its callbacks become promises here, and nothing else is added. */

import { fromCognitoIdentityPool } from "@aws-sdk/credential-provider-cognito-identity";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
} from "amazon-cognito-identity-js";

import type { Backend } from "./config.ts";
import type { Identity, Library } from "./library.ts";

export class IdentityJs implements Library {
  readonly name = "amazon-cognito-identity-js";
  readonly #backend: Backend;
  readonly #pool: CognitoUserPool;
  readonly #storage = new MemoryStorage();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#pool = new CognitoUserPool({
      UserPoolId: backend.userPoolId,
      ClientId: backend.appClientId,
      Storage: this.#storage,
      ...(backend.endpointUrl && { endpoint: backend.endpointUrl }),
    });
  }

  signUp(email: string, password: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pool.signUp(email, password, [], [], (error) => (error ? reject(error) : resolve()));
    });
  }

  confirmSignUp(email: string, code: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#userNamed(email).confirmRegistration(code, false, (error) => (error ? reject(error) : resolve()));
    });
  }

  signIn(email: string, password: string, totpCode: () => Promise<string>): Promise<void> {
    const user = this.#userNamed(email);
    return new Promise((resolve, reject) => {
      const callbacks = {
        onSuccess: () => resolve(),
        onFailure: reject,
        totpRequired: () => {
          totpCode().then((code) => user.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"), reject);
        },
        mfaSetup: () => reject(new Error("this pool demands a second factor at the first sign-in")),
      };
      user.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), callbacks);
    });
  }

  async setUpTotp(firstCode: (secret: string) => Promise<string>): Promise<void> {
    const { user } = await this.#signedIn();
    const secret = await new Promise<string>((resolve, reject) => {
      user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject });
    });
    const code = await firstCode(secret);
    await new Promise((resolve, reject) => {
      user.verifySoftwareToken(code, "sample", { onSuccess: resolve, onFailure: reject });
    });
    await new Promise<void>((resolve, reject) => {
      const preferred = { PreferredMfa: true, Enabled: true };
      user.setUserMfaPreference(null, preferred, (error) => (error ? reject(error) : resolve()));
    });
  }

  async rememberDevice(): Promise<void> {
    const { user } = await this.#signedIn();
    user.getCachedDeviceKeyAndPassword();
    await new Promise((resolve, reject) => {
      user.setDeviceStatusRemembered({ onSuccess: resolve, onFailure: reject });
    });
  }

  async identity(): Promise<Identity> {
    const { session } = await this.#signedIn();
    const token = session.getIdToken();
    const issuer: string = token.payload["iss"];
    const { region, identityPoolId, endpointUrl } = this.#backend;
    const credentials = await fromCognitoIdentityPool({
      identityPoolId,
      logins: { [issuer.replace("https://", "")]: token.getJwtToken() },
      clientConfig: { region, ...(endpointUrl && { endpoint: endpointUrl }) },
    })();
    const tokens = { accessToken: session.getAccessToken().getJwtToken(), idToken: token.getJwtToken() };
    return { id: credentials.identityId, credentials, tokens };
  }

  async signOut(): Promise<void> {
    (await this.#signedIn()).user.signOut();
  }

  #userNamed(email: string): CognitoUser {
    return new CognitoUser({ Username: email, Pool: this.#pool, Storage: this.#storage });
  }

  /** The user of the last sign-in, found in the storage as after a restart of the app. */
  async #signedIn(): Promise<{ user: CognitoUser; session: CognitoUserSession }> {
    const user = this.#pool.getCurrentUser();
    if (!user) throw new Error("nobody is signed in");
    const session = await new Promise<CognitoUserSession>((resolve, reject) => {
      user.getSession((error: Error | null, session: CognitoUserSession | null) => {
        if (session) resolve(session);
        else reject(error);
      });
    });
    return { user, session };
  }
}

/** Where the library keeps tokens and the device record: an app uses the platform's secure storage here. */
class MemoryStorage implements ICognitoStorage {
  readonly #items = new Map<string, string>();

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}
