// A whole sign-in with oidc-client-ts: discovery, code with PKCE, userInfo, refresh, revocation, sign-out.
import { UserManager } from "oidc-client-ts";
import { open } from "./browser.mjs";

const { issuer, clientId, secret, callback, after } = JSON.parse(process.argv[2]);
let ended;
const navigator = {
  prepare: async () => ({ navigate: async ({ url }) => ({ url: (ended = await open(url)) }), close() {} }),
  callback: async () => {},
};
const settings = {
  authority: issuer,
  client_id: clientId,
  client_secret: secret,
  redirect_uri: callback,
  scope: "openid email",
  loadUserInfo: true,
  automaticSilentRenew: false,
};
const manager = new UserManager(settings, navigator);

await manager.signinRedirect({ nonce: "the nonce", state: "the app's own" });
const user = await manager.signinRedirectCallback(ended);
const { sub, email, username } = user.profile;
const renewed = await manager.signinSilent();
await manager.revokeTokens(["refresh_token"]);
await manager.storeUser(user);
const over = await manager.signinSilent().catch((error) => error.error);

await manager.signoutRedirect({ extraQueryParams: { client_id: clientId, logout_uri: after } });
const told = { sub, email, user: { username }, app: user.state, renewed: renewed.profile.sub, over, ended };
console.log(JSON.stringify(told));
process.exit();
