// A whole sign-in with openid-client: discovery, code with PKCE, userInfo, refresh, revocation, sign-out.
import * as client from "openid-client";
import { open } from "./browser.mjs";

const { issuer, clientId, secret, callback, after } = JSON.parse(process.argv[2]);
const authentication = secret ? client.ClientSecretBasic(secret) : client.None();
const config = await client.discovery(new URL(issuer), clientId, secret, authentication, {
  execute: [client.allowInsecureRequests],
});

const verifier = client.randomPKCECodeVerifier();
const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: callback,
  scope: "openid email",
  state: checks.expectedState,
  nonce: checks.expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
});
const tokens = await client.authorizationCodeGrant(config, new URL(await open(url.href)), {
  ...checks,
  idTokenExpected: true,
});
const { sub, email } = tokens.claims();
const user = await client.fetchUserInfo(config, tokens.access_token, sub);
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
await client.tokenRevocation(config, tokens.refresh_token);
const over = await client.refreshTokenGrant(config, tokens.refresh_token).catch((error) => error.error);
const rejected = await client.fetchUserInfo(config, renewed.access_token, sub).catch((error) => error.cause[0].parameters);

const out = client.buildEndSessionUrl(config, { client_id: clientId, logout_uri: after });
const ended = await open(out.href);
console.log(JSON.stringify({ sub, email, user, renewed: renewed.claims().sub, over, rejected: rejected.error, ended }));
process.exit();
