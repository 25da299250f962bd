// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { language, type Worded } from './language';
import { commonMessages } from './messages';

/** What went wrong, in both languages. `where` names the field it is about, or is empty. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    readonly words: Worded,
    readonly where: string = '',
  ) {
    super(id);
  }
}

export function offlineError(): ApiError {
  return new ApiError(0, 'offline', commonMessages.offline);
}

function unreadable(status: number): ApiError {
  const { zh, en } = commonMessages.badAnswer;
  const n = String(status);
  return new ApiError(status, 'bad_answer', { zh: zh.replace('{status}', n), en: en.replace('{status}', n) });
}

/** Reads {error:{id,zh,en,where}}; anything else becomes `bad_answer`. */
export function errorFrom(status: number, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  if (!error || typeof error.id !== 'string' || typeof error.zh !== 'string' || typeof error.en !== 'string') {
    return unreadable(status);
  }
  return new ApiError(status, error.id, { zh: error.zh, en: error.en }, typeof error.where === 'string' ? error.where : '');
}

/** Any thrown thing as an ApiError; a programming error is thrown on. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  throw thrown;
}

export function errorText(error: ApiError | null): string {
  return error ? error.words[language.value] : '';
}

/** True when the error is about this field; `where` may be a path such as /id_number or body.id_number. */
export function isAbout(error: ApiError | null, field: string): boolean {
  return !!error && new RegExp(`(^|[./])${field}$`).test(error.where);
}
