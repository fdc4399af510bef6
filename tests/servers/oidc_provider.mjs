// A real OpenID Connect provider for the tests, in memory and on a loopback port that it prints when it listens.
// Whoever signs in with a mail address has it verified. Arguments: client id, client secret, address to come back to.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);
const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["of the tests alone"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: `account-${id.length}-${id}`, email: id, email_verified: true, name: id.split("@")[0] }),
  }),
});
server.on("request", provider.callback());
console.log(issuer);
