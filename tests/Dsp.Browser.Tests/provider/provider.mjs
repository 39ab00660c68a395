// An OpenID Connect provider by other people, with invented people, for the tests. Reads what to serve as JSON on standard input,
// writes its issuer as one line, and serves until its standard input ends. Nothing of the server's code is known here.
import http from 'node:http';
import readline from 'node:readline';
import { generateKeyPairSync } from 'node:crypto';

// Tests move the clock: the provider's goes with theirs.
let ahead = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) { given.length ? super(...given) : super(RealDate.now() + ahead); }
  static now() { return RealDate.now() + ahead; }
};
const { default: Provider } = await import('oidc-provider');

const lines = readline.createInterface({ input: process.stdin });
const said = lines[Symbol.asyncIterator]();
const task = JSON.parse((await said.next()).value);

const server = http.createServer();
await new Promise(done => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid: 'test-1', use: 'sig', alg: 'ES256' };
const provider = new Provider(issuer, {
  clients: [{
    client_id: task.client, redirect_uris: [task.redirect], token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', id_token_signed_response_alg: 'ES256', jwks: { keys: [task.key] },
  }],
  jwks: { keys: [key] },
  cookies: { keys: ['only for tests'] },
  acrValues: ['two', 'one'],
  claims: { openid: ['sub'], number: ['national_number'], acr: null, amr: null, auth_time: null },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, national_number: task.people[id]?.number }) }),
  // Nobody is asked what may be passed on: that is the provider's matter and not what is tested.
  async loadExistingGrant(context) {
    const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
    grant.addOIDCScope('openid number');
    await grant.save();
    return grant;
  },
});
const serve = provider.callback();
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/sign-in/')) return serve(request, response);
  try {
    if (request.method === 'POST') {
      let body = '';
      for await (const piece of request) body += piece;
      const id = new URLSearchParams(body).get('person');
      const result = id ? { login: { accountId: id, acr: task.people[id].acr, amr: ['hwk', 'pin'], remember: true } } : { error: 'access_denied' };
      return await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
    await provider.interactionDetails(request, response);
    const buttons = Object.keys(task.people).map(id => `<p><button name="person" value="${id}">${id}</button></p>`).join('');
    response.setHeader('content-type', 'text/html').end(`<!doctype html><html lang="en"><title>Test provider</title><h1>Who are you?</h1><form method="post">${buttons}<p><button name="person" value="">No</button></p></form>`);
  } catch (error) { response.statusCode = 500; response.end(String(error)); }
});
console.log(issuer);
for (let line = await said.next(); !line.done; line = await said.next()) { ahead = Number(line.value); console.log('ok'); }
process.exit(0);
