// A SMART app by other people's library, and a person's browser that follows it. Reads what to do as JSON on standard input,
// writes what the app got as one line of JSON. Nothing of the server's code is known here.
import http from 'node:http';
import { createRequire } from 'node:module';

const smart = createRequire(import.meta.url)('fhirclient');
const task = JSON.parse(await new Promise(done => { let text = ''; process.stdin.on('data', d => (text += d)).on('end', () => done(text)); }));

// The app: a launch address, and one to come back to.
const kept = new Map();
const storage = { get: async key => kept.get(key), set: async (key, value) => (kept.set(key, value), value), unset: async key => kept.delete(key) };
const app = http.createServer(async (request, response) => {
  try {
    const own = smart(request, response, storage);
    if (request.url.startsWith('/launch')) return await own.authorize({ clientId: task.clientId, scope: task.scope, redirectUri: task.redirect, ...(task.launch ? {} : { iss: task.fhir }) });
    const client = await own.ready();
    const patient = await client.patient.read();
    const documents = await client.request(`DocumentReference?patient=${client.patient.id}&status=current`);
    let foreign = 0;
    try { await client.request(`Patient/${task.other}`); } catch (error) { foreign = error.status ?? error.statusCode ?? 1; }
    const refreshed = task.scope.includes('offline_access') ? (await client.refresh()).tokenResponse : null;
    response.end(JSON.stringify({
      patient: client.patient.id, name: patient.resourceType, documents: documents.entry?.length ?? 0, user: client.user.fhirUser, foreign,
      refreshed: refreshed ? refreshed.patient === client.patient.id : null, granted: client.state.tokenResponse.scope,
    }));
  } catch (error) { response.statusCode = 500; response.end(JSON.stringify({ error: String(error?.message ?? error) })); }
}).listen(new URL(task.redirect).port, '127.0.0.1');

// The browser: cookies by host, redirects one by one, the page's own form.
const jars = new Map();
async function go(method, address, form) {
  for (let hops = 0; hops < 15; hops++) {
    const jar = jars.get(new URL(address).host) ?? new Map();
    const answer = await fetch(address, { method, redirect: 'manual', body: form, headers: { cookie: [...jar].map(c => c.join('=')).join('; '), 'accept-language': 'en' } });
    for (const line of answer.headers.getSetCookie()) { const [pair] = line.split(';'); const at = pair.indexOf('='); jar.set(pair.slice(0, at), pair.slice(at + 1)); }
    jars.set(new URL(address).host, jar);
    if (answer.status < 300 || answer.status > 399) return { address, status: answer.status, text: await answer.text() };
    [method, address, form] = ['GET', new URL(answer.headers.get('location'), address).href, undefined];
  }
  throw new Error('redirects without end');
}
const plain = text => text.replaceAll('&amp;', '&').replaceAll('&#x2B;', '+').replaceAll('&quot;', '"');

try {
  await go('POST', task.base + task.signIn);
  if (task.place) await go('GET', task.base + task.place);
  const begin = new URL('/launch', task.redirect);
  if (task.launch) { begin.searchParams.set('iss', task.fhir); begin.searchParams.set('launch', task.launch); }
  const page = await go('GET', begin.href);
  const form = new URLSearchParams();
  for (const [input] of page.text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const [name, value] = ['name', 'value'].map(a => new RegExp(`${a}="([^"]*)"`).exec(input)?.[1] ?? '');
    if (/^(__RequestVerificationToken|client_id|request_uri)$/.test(name)) form.set(name, plain(value));
  }
  form.set('decision', 'allow');
  const action = /<form method="post" action="([^"]+)"/.exec(page.text);
  if (!action) throw new Error(`no question was asked: ${page.status} ${page.address} ${page.text.slice(0, 300)}`);
  const end = await go('POST', new URL(plain(action[1]), page.address).href, form);
  console.log(end.text);
} catch (error) { console.log(JSON.stringify({ error: String(error?.stack ?? error) })); } finally { app.close(); app.closeAllConnections(); }
