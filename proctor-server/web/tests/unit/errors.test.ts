// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError, asApiError, errorFrom, errorText, isAbout, offlineError } from '../../src/shared/errors';
import { language } from '../../src/shared/language';

beforeEach(() => (language.value = 'zh'));
const taken = { error: { id: 'seat_taken', zh: '刚刚被约满', en: 'Just taken', where: '/start_ms' } };

describe('errors of the server', () => {
  it('are said in the language of the person', () => {
    const error = errorFrom(409, taken);
    expect(errorText(error)).toBe('刚刚被约满');
    language.value = 'en';
    expect(errorText(error)).toBe('Just taken');
    expect(errorText(null)).toBe('');
  });

  it('belong to the field that they name, by its last part', () => {
    const about = (where: string) => new ApiError(422, 'x', { zh: '', en: '' }, where);
    expect(isAbout(about('id_number'), 'id_number')).toBe(true);
    expect(isAbout(about('/id_number'), 'id_number')).toBe(true);
    expect(isAbout(about('body.policy.admit_min'), 'admit_min')).toBe(true);
    expect(isAbout(about('name.zh'), 'name.zh')).toBe(true);
    expect(isAbout(about('display_name'), 'name')).toBe(false);
    expect(isAbout(null, 'name')).toBe(false);
  });

  it.each([[null], ['text'], [{ error: 'text' }], [{ error: { id: 1 } }]])('that cannot be read say so: %j', (body) => {
    const error = errorFrom(502, body);
    expect(error.id).toBe('bad_answer');
    expect(errorText(error)).toContain('502');
  });

  it('a lost network has its own words, a bug in the page is not swallowed', () => {
    expect(errorText(offlineError())).toContain('网络');
    expect(() => asApiError(new TypeError('bug'))).toThrow('bug');
  });
});
