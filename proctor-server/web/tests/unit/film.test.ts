// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { mayGrow, whyNone } from '../../src/staff/recordings/film';

describe('why there is no recording', () => {
  it('is said where there is none and will be none', () => {
    expect(whyNone({ state: 'none', why: 'off', finished_ms: null })).toBe('off');
    expect(whyNone({ state: 'none', why: 'no_consent', finished_ms: 5 })).toBe('no_consent');
    expect(whyNone({ state: 'none', why: 'not_begun', finished_ms: 5 })).toBe('not_begun');
  });

  it('is not said while it may yet begin, nor where there is one', () => {
    expect(whyNone({ state: 'none', why: 'not_begun', finished_ms: null })).toBe('');
    expect(whyNone({ state: 'gaps', why: '', finished_ms: 5 })).toBe('');
    expect(whyNone({ state: 'running', why: '', finished_ms: null })).toBe('');
  });
});

describe('a recording', () => {
  it('is asked for again while it grows or may yet begin', () => {
    expect(mayGrow({ state: 'running', finished_ms: null })).toBe(true);
    expect(mayGrow({ state: 'running', finished_ms: 5 })).toBe(true);
    expect(mayGrow({ state: 'none', finished_ms: null })).toBe(true);
    expect(mayGrow({ state: 'none', finished_ms: 5 })).toBe(false);
    expect(mayGrow({ state: 'gaps', finished_ms: null })).toBe(false);
  });
});
