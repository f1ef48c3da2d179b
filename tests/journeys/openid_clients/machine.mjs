// An access token for a machine, with openid-client.
import * as client from "openid-client";

const { issuer, clientId, secret, scope } = JSON.parse(process.argv[2]);
const config = await client.discovery(new URL(issuer), clientId, secret, client.ClientSecretPost(secret), {
  execute: [client.allowInsecureRequests],
});
const { access_token, token_type, expires_in, scope: granted } = await client.clientCredentialsGrant(config, { scope });
console.log(JSON.stringify({ access_token, token_type, expires_in, granted }));
