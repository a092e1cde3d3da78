// node-easywechat against the practice platform: what it does by itself, and raw calls for what it does not know.
'use strict';

const assert = require('node:assert/strict');
const { createServer } = require('node:http');
const { once } = require('node:events');
const { MiniApp } = require('node-easywechat');

const BASE = process.env.PRACTICE_URL;
const ADMIN = process.env.PRACTICE_ADMIN_TOKEN;
const SHOP = 'wxfacade0000000002';
const ROWS = { spuId: '10000077', offset: 0, limit: 20 };
const TOKEN = 'Practice1';
const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

async function administer(method, path, body) {
  const answer = await fetch(new URL(`/practice/admin/${path}`, BASE), {
    method,
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

// The base address is the one thing that is bent.
function shop(secret, stable) {
  return new MiniApp({
    app_id: SHOP,
    secret,
    token: TOKEN,
    aes_key: KEY,
    use_stable_access_token: stable,
    http: { baseURL: BASE, throw: false },
  });
}

async function call(app, method, path, payload) {
  const answer = await app.getClient().request(method, path, payload);
  return answer.toObject();
}

async function tokensAndUsage(secret) {
  for (const stable of [true, false]) {
    const app = shop(secret, stable);
    const token = await app.getAccessToken().getToken();
    assert.match(token, /^99_PRACTICE-/);
    const usage = await call(app, 'GET', 'wxa/charge/usage/get', { params: ROWS });
    assert.equal(usage.errcode, 0);
    assert.equal(usage.detailList[0].endTime, 4294967295);
    assert.equal(typeof usage.all, 'string');
  }
}

async function codeForNumber(app) {
  const visit = { app_id: SHOP, count: 1, action: 'authorise', exchange: false };
  const { codes } = await administer('POST', 'customers', visit);
  const exchange = () => call(app, 'POST', 'wxa/business/getuserphonenumber', { json: { code: codes[0] } });
  const answer = await exchange();
  assert.equal(answer.phone_info.watermark.appid, SHOP);
  assert.equal((await exchange()).errcode, 40029);
  const average = await call(app, 'GET', 'wxa/charge/usage/get_recent_average', { params: ROWS });
  assert.equal(average.averageData, 50);
}

async function quota(app) {
  const asked = { json: { cgi_path: '/wxa/charge/usage/get' } };
  const answer = await call(app, 'POST', 'cgi-bin/openapi/quota/get', asked);
  assert.ok(answer.quota.used >= 2, JSON.stringify(answer));
}

async function events(app) {
  let arrive;
  const arrived = new Promise((resolve) => { arrive = resolve; });
  const server = createServer(async (request, response) => {
    const query = Object.fromEntries(new URL(request.url, 'http://here').searchParams);
    if (request.method === 'GET') return response.end(query.echostr);
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end('success');
    arrive({ query, body });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/events`;
  await administer('PUT', 'push', {
    app_id: SHOP, url, token: TOKEN, encoding_aes_key: KEY, mode: 'secure', format: 'json',
  });
  await administer('POST', 'customers', { app_id: SHOP, count: 799, action: 'authorise' });
  const { query, body } = await arrived;
  const { Encrypt } = JSON.parse(body);
  const message = app.getEncryptor().decrypt(Encrypt, query.msg_signature, query.nonce, query.timestamp);
  assert.equal(JSON.parse(message).total_used_quota, 800);
  server.close();
}

async function main() {
  const { secret } = await administer('POST', 'secrets', { app_id: SHOP });
  await tokensAndUsage(secret);
  const app = shop(secret, true);
  await codeForNumber(app);
  await quota(app);
  await events(app);
  const wrong = shop('0'.repeat(32), true);
  await assert.rejects(wrong.getAccessToken().getToken(), /40125/);
  console.log('node-easywechat: tokens, usage, code for number, quota, events: as expected');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
