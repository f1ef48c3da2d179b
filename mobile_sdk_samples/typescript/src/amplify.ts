/** The story's steps with aws-amplify. Where Node has no browser storage, Amplify keeps tokens and devices in memory. */

import { Amplify } from "aws-amplify";
import {
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  rememberDevice,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  verifyTOTPSetup,
} from "aws-amplify/auth";

import type { Backend } from "./config.ts";
import type { Identity, Library } from "./library.ts";

// Amplify names a new device after `navigator.userAgent`, which browsers and React Native have and Node 20 has not.
// Without it the name throws, Amplify swallows that, never sends ConfirmDevice, and the device cannot be remembered.
if (!("navigator" in globalThis)) {
  Object.assign(globalThis, { navigator: { userAgent: "gatehouse-sample" } });
}

export class AmplifyJs implements Library {
  readonly name = "aws-amplify";

  constructor(backend: Backend) {
    const { userPoolId, appClientId, identityPoolId, endpointUrl } = backend;
    const endpoints = endpointUrl && { userPoolEndpoint: endpointUrl, identityPoolEndpoint: endpointUrl };
    Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId: appClientId, identityPoolId, ...endpoints } } });
  }

  async signUp(email: string, password: string): Promise<void> {
    await signUp({ username: email, password });
  }

  async confirmSignUp(email: string, code: string): Promise<void> {
    await confirmSignUp({ username: email, confirmationCode: code });
  }

  async signIn(email: string, password: string, totpCode: () => Promise<string>): Promise<void> {
    let { nextStep } = await signIn({ username: email, password });
    if (nextStep.signInStep === "CONFIRM_SIGN_IN_WITH_TOTP_CODE") {
      ({ nextStep } = await confirmSignIn({ challengeResponse: await totpCode() }));
    }
    if (nextStep.signInStep !== "DONE") throw new Error(`the sign-in stops at ${nextStep.signInStep}`);
  }

  async setUpTotp(firstCode: (secret: string) => Promise<string>): Promise<void> {
    const { sharedSecret } = await setUpTOTP();
    await verifyTOTPSetup({ code: await firstCode(sharedSecret) });
    await updateMFAPreference({ totp: "PREFERRED" });
  }

  async rememberDevice(): Promise<void> {
    await rememberDevice();
  }

  async identity(): Promise<Identity> {
    const { identityId, credentials, tokens } = await fetchAuthSession();
    if (!identityId || !credentials || !tokens?.idToken) throw new Error("Amplify has no credentials");
    const { accessToken, idToken } = tokens;
    return { id: identityId, credentials, tokens: { accessToken: `${accessToken}`, idToken: `${idToken}` } };
  }

  async signOut(): Promise<void> {
    await signOut();
  }
}
