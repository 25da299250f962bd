// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { reactive } from 'vue';
import { get, post, whenSignedOut } from '../shared/api';
import { asApiError, type ApiError } from '../shared/errors';
import type { Wire } from '../shared/types';

export const session = reactive<{ ready: boolean; me: Wire<'Me'> | null; ended: ApiError | null; problem: ApiError | null }>({
  ready: false, me: null, ended: null, problem: null,
});

export async function recallSession(): Promise<void> {
  whenSignedOut((error) => {
    if (!session.me) return;
    session.me = null;
    session.ended = error;
  });
  try {
    session.me = await get<Wire<'Me'>>('/staff/me');
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.status !== 401 && error.status !== 403) session.problem = error;
  }
  session.ready = true;
}

export async function signIn(name: string, password: string): Promise<void> {
  session.me = await post<Wire<'Me'>>('/staff/login', { name, password });
  session.ended = null;
  session.problem = null;
}

export async function signOut(): Promise<void> {
  try {
    await post<Wire<'Ok'>>('/staff/logout');
  } finally {
    session.me = null;
    location.hash = '';
  }
}
