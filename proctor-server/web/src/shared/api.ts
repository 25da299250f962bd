// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ApiError, errorFrom, offlineError } from './errors';

type Body = Blob | object | undefined;

async function send(verb: string, path: string, body?: Body, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (verb !== 'GET') headers['X-Invigil'] = '1';
  let payload: Blob | string | undefined;
  if (body instanceof Blob) {
    headers['Content-Type'] = body.type;
    payload = body;
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    payload = JSON.stringify(body);
  }
  try {
    return await fetch(path, { method: verb, headers, body: payload, signal, credentials: 'same-origin', cache: 'no-store' });
  } catch {
    throw offlineError();
  }
}

async function json(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return null;
  }
}

/** Runs when the server says that nobody is signed in, on any call. */
let onSignedOut: (error: ApiError) => void = () => {};
export function whenSignedOut(handler: (error: ApiError) => void): void {
  onSignedOut = handler;
}

/** One call. Throws ApiError. `Answer` is the schema that openapi.yaml names for the path. */
export async function call<Answer>(verb: string, path: string, body?: Body, signal?: AbortSignal): Promise<Answer> {
  const answer = await send(verb, path, body, signal);
  const content = await json(answer);
  if (answer.ok && content !== null) return content as Answer;
  const error = errorFrom(answer.status, content);
  if (answer.status === 401) onSignedOut(error);
  throw error;
}

export const get = <Answer>(path: string, signal?: AbortSignal) => call<Answer>('GET', `/api/v1${path}`, undefined, signal);
export const post = <Answer>(path: string, body?: Body) => call<Answer>('POST', `/api/v1${path}`, body);
export const put = <Answer>(path: string, body?: Body) => call<Answer>('PUT', `/api/v1${path}`, body);
export const del = <Answer>(path: string) => call<Answer>('DELETE', `/api/v1${path}`);

/** Query text from what is not empty. Never for personal data other than a list's search words. */
export function query(values: Record<string, string | number>): string {
  const parts = Object.keys(values)
    .filter((name) => values[name] !== '')
    .map((name) => `${name}=${encodeURIComponent(values[name] as string | number)}`);
  return parts.length ? `?${parts.join('&')}` : '';
}

/** A file, such as a stretch of film. */
export async function getBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  const answer = await send('GET', `/api/v1${path}`, undefined, signal);
  if (answer.ok) return answer.blob();
  const error = errorFrom(answer.status, await json(answer));
  if (answer.status === 401) onSignedOut(error);
  throw error;
}
