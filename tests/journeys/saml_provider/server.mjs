// A SAML identity provider for the journeys: `samlp` over plain http, on any free port of this machine. Below `/KIND` it
// is a provider of its own: KIND says what it signs and encrypts. It signs in anybody, by the e-mail address they enter.
// SETTINGS are JSON: its `key` and `cert`, and of the service its `entity`, `acs`, `slo` and `spCert`, all PEM or URLs.

import { X509Certificate } from "node:crypto";
import { createServer } from "node:http";
import samlp from "samlp";
import SessionParticipants from "samlp/lib/sessionParticipants/index.js";

const POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const settings = JSON.parse(process.env.SETTINGS);
const encryption = {
  encryptionCert: settings.spCert,
  encryptionPublicKey: new X509Certificate(settings.spCert).publicKey.export({ type: "spki", format: "pem" }),
  disallowEncryptionWithInsecureAlgorithm: false,
  warnOnInsecureEncryptionAlgorithm: false,
};
const KINDS = {
  assertion: { binding: POST },
  both: { signResponse: true, binding: REDIRECT },
  gcm: { ...encryption, encryptionAlgorithm: "http://www.w3.org/2009/xmlenc11#aes256-gcm", binding: POST },
  cbc: { ...encryption, encryptionAlgorithm: "http://www.w3.org/2001/04/xmlenc#aes256-cbc", binding: POST },
};

const server = createServer((request, response) => answer(request, response).catch((error) => fail(response, error)));
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));

const participants = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, new SessionParticipants([])]));
const states = new Map();
let sessions = 0;

async function answer(request, response) {
  const url = new URL(request.url, `http://${request.headers.host}`);
  const [, kind, path] = url.pathname.split("/");
  const issuer = `${url.origin}/${kind}`;
  const common = { issuer, key: settings.key, cert: settings.cert, ...KINDS[kind] };
  const query = Object.fromEntries(url.searchParams);
  const body = Object.fromEntries(new URLSearchParams(await textOf(request)));
  const asked = { method: "GET", query, body: {}, headers: request.headers, originalUrl: request.url, protocol: "http" };
  const told = express(response);
  const failed = (error) => fail(response, error);
  if (path === "metadata") {
    const paths = { redirectEndpointPath: `/${kind}/sso`, postEndpointPath: `/${kind}/sso` };
    samlp.metadata({ ...common, ...paths, logoutEndpointPaths: { redirect: `/${kind}/slo` } })(asked, told);
  } else if (path === "sso" && !body.email) {
    told.send(`<form method="post" action="${url.pathname}${url.search.replaceAll("&", "&amp;")}"><input name="email"></form>`);
  } else if (path === "sso") {
    signIn(common, kind, body.email, query.SAMLRequest ? { signingCert: settings.spCert } : { audience: settings.entity })(
      asked, told, failed,
    );
  } else {
    asked.body = body;
    signOut(common, kind)(asked, told, failed);
  }
}

function signIn(common, kind, email, more) {
  const sessionIndex = `_session${(sessions += 1)}`;
  participants[kind]._participants.push({
    serviceProviderId: settings.entity,
    nameId: email,
    sessionIndex,
    serviceProviderLogoutURL: settings.slo,
    cert: settings.spCert,
    binding: common.binding,
  });
  const [given] = email.split("@");
  return samlp.auth({
    ...common,
    ...more,
    sessionIndex,
    recipient: settings.acs,
    destination: settings.acs,
    getPostURL: (audience, request, asked, done) => done(null, settings.acs),
    getUserFromRequest: () => ({
      id: email,
      emails: [{ value: email }],
      displayName: given,
      name: { givenName: given, familyName: "Example" },
      groups: ["readers", "writers"],
    }),
  });
}

function signOut(common, kind) {
  return samlp.logout({
    ...common,
    deflate: true,
    protocolBinding: common.binding,
    signatureAlgorithm: "rsa-sha256",
    digestAlgorithm: "sha256",
    destination: settings.slo,
    sessionParticipants: participants[kind],
    store: {
      save: (_, state, done) => done(null, keep(state)),
      load: (_, handle, options, done) => (done ?? options)(null, states.get(handle)),
      update: (_, handle, state, done) => done(null, states.set(handle, state)),
    },
  });
}

function keep(state) {
  const handle = `state${states.size}`;
  states.set(handle, state);
  return handle;
}

function express(response) {
  const told = {
    set: (name, value) => response.setHeader(name, value),
    redirect: (location) => response.writeHead(302, { location }).end(),
    send: (body) => (typeof body === "number" ? response.writeHead(body).end("done") : response.end(body)),
  };
  return told;
}

function fail(response, error) {
  console.error(error);
  response.writeHead(500).end(String(error));
}

async function textOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
