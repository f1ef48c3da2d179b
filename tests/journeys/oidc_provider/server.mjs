// An OpenID Connect provider for the journeys: `oidc-provider` with its own pages, on any free port of this machine.
// Its clients come as a JSON list in the variable CLIENTS. It signs in anybody, by the e-mail address they enter.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: JSON.parse(process.env.CLIENTS),
    jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256")] },
    cookies: { keys: ["only-for-tests"] },
    claims: { email: ["email", "email_verified"], profile: ["name", "updated_at"], groups: ["groups"] },
    features: { jwtUserinfo: { enabled: true } },
    findAccount,
  });
  server.on("request", provider.callback());
  console.log(`listening on ${issuer}`);
});

function key(type, options, alg) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), kid: type, alg, use: "sig" };
}

function findAccount(_, email) {
  const claims = { sub: email, email, email_verified: true, name: email.split("@")[0] };
  return { accountId: email, claims: () => ({ ...claims, updated_at: 1700000000, groups: ["readers", "writers"] }) };
}
