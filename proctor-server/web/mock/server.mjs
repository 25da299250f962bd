// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// A server for development and browser tests: serves dist/ as the real one does (same paths, same
// Content-Security-Policy) and answers from memory. Every request and answer is held against openapi.yaml.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analysisRoutes } from './analysis.mjs';
import { batchRoutes } from './batches.mjs';
import { bookingRoutes } from './booking.mjs';
import { answerProblem, findRow, requestProblem, unknownQuery } from './contract.mjs';
import { freshWorld } from './data.mjs';
import { hallRoutes } from './hall.mjs';
import { importRoutes } from './imports.mjs';
import { itemRoutes } from './items.mjs';
import { recordingRoutes } from './recordings.mjs';
import { paperRoutes } from './papers.mjs';
import { staffRoutes } from './staff.mjs';

const kDist = fileURLToPath(new URL('../dist', import.meta.url));
const kPages = { '/': 'index.html', '/m': 'm.html', '/staff/': 'staff/index.html' };
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png' };
const kPolicy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'";

class Refusal extends Error {
  constructor(status, error) {
    super(error.id);
    this.status = status;
    this.error = error;
  }
}
/** Ends a handler with an error answer. */
export function fail(status, id, zh, en, where) {
  throw new Refusal(status, { id, zh, en, where });
}

function bodyOf(request) {
  return new Promise((resolve) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => resolve(Buffer.concat(parts)));
  });
}

function allowed(world, scope) {
  if (scope === 'public') return;
  if (scope === 'booking' && world.booking) return;
  if (scope === 'staff' && world.staff) return;
  if (world.staff?.role === scope) return;
  if (scope === 'viewer' && ['reviewer', 'administrator'].includes(world.staff?.role)) return;
  if (scope === 'editor' && world.staff?.role === 'administrator') return;
  fail(401, 'signed_out', '登录已过期，请重新登录。', 'You are no longer signed in. Sign in again.', '');
}

async function answer(mock, request, url) {
  const row = findRow(request.method, url.pathname);
  if (!row) fail(404, 'no_such_path', '没有这个地址', 'No such path', url.pathname);
  const query = Object.fromEntries(url.searchParams);
  const stray = unknownQuery(row, Object.keys(query));
  if (stray) mock.problems.push(`${url.pathname}: query ${stray} is not in openapi.yaml`);
  if (request.method !== 'GET' && request.headers['x-invigil'] !== '1') mock.problems.push(`${url.pathname}: X-Invigil missing`);
  const bytes = await bodyOf(request);
  const isJson = request.headers['content-type'] === 'application/json';
  const body = isJson ? JSON.parse(bytes.toString('utf8')) : null;
  const wrong = isJson ? requestProblem(row, body) : '';
  if (wrong) mock.problems.push(`${url.pathname}: request ${wrong}`);
  allowed(mock.world, row.operation['x-scope']);
  const handler = mock.routes[row.operation.operationId];
  if (!handler) throw new Error(`mock has no ${row.operation.operationId}`);
  const content = await handler({ world: mock.world, body, bytes, query, id: row.id, now: Date.now() });
  return { row, content };
}

async function serveApi(mock, request, response, url) {
  let status = 200;
  let content;
  let row;
  try {
    ({ row, content } = await answer(mock, request, url));
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) mock.problems.push(String(thrown.stack));
    status = thrown.status ?? 500;
    content = { error: thrown.error ?? { id: 'mock', zh: String(thrown), en: String(thrown), where: '' } };
  }
  if (content.picture) {
    response.writeHead(200, { 'Content-Type': content.type });
    return response.end(content.picture);
  }
  const wrong = row ? answerProblem(row, status, content) : '';
  if (wrong) mock.problems.push(`${url.pathname}: answer ${wrong}`);
  response.writeHead(status, { 'Content-Type': 'application/json' });
  return response.end(JSON.stringify(content));
}

function serveFile(response, path) {
  const file = join(kDist, normalize(kPages[path] ?? path));
  if (!file.startsWith(kDist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': kPolicy });
  createReadStream(file).pipe(response);
}

/** Starts on loopback. `port` 0 takes a free one. `problems` collects whatever did not fit the contract. */
export function startMock(port = 0) {
  const mock = { world: freshWorld(Date.now()), problems: [], routes: { ...bookingRoutes, ...staffRoutes, ...importRoutes, ...itemRoutes, ...analysisRoutes, ...batchRoutes, ...paperRoutes, ...hallRoutes, ...recordingRoutes } };
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (url.pathname.startsWith('/api/')) serveApi(mock, request, response, url);
    else serveFile(response, url.pathname);
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      mock.origin = `http://127.0.0.1:${server.address().port}`;
      mock.reset = () => (mock.world = freshWorld(Date.now()));
      mock.close = () => new Promise((done) => (server.close(done), server.closeAllConnections()));
      resolve(mock);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMock(Number(process.env.PORT ?? 8480));
  console.log(`${mock.origin}/  (code 246810)   ${mock.origin}/staff/  (admin, editor, review or authority; password demo)`);
}
