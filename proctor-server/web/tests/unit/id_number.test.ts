// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkCharacter, checkId, tidyId } from '../../src/shared/id_number';

describe('document numbers', () => {
  it.each(['11010519491231002X', '440524188001010014', '440308199901101512'])('takes %s', (id) => {
    expect(checkId('resident_id', id).state).toBe('good');
  });
  it('takes small x, blanks and full-width digits', () => {
    expect(tidyId(' １１0105 19491231002x')).toBe('11010519491231002X');
    expect(checkId('resident_id', '110105 19491231 002x').state).toBe('good');
  });
  it('names a wrong check digit, a wrong date and strange characters', () => {
    expect(checkId('resident_id', '110105194912310021').message).toBe('idCheckDigit');
    expect(checkId('resident_id', '11010519491331').message).toBe('idBirth');
    expect(checkId('resident_id', '1101A5').message).toBe('idCharacters');
  });
  it('says how many digits are missing', () => {
    expect(checkId('resident_id', '1101051949123100')).toEqual({ state: 'partial', message: 'idTooShort', n: 2 });
  });
  it('refuses every other check character', () => {
    const right = checkCharacter('11010519491231002');
    for (const other of '0123456789X')
      expect(checkId('resident_id', `11010519491231002${other}`).state).toBe(other === right ? 'good' : 'bad');
  });
  it('knows the other documents', () => {
    expect(checkId('hmt_residence', '810000199408230021').state).toBe('good');
    expect(checkId('hmt_residence', '110000199408230021').state).toBe('bad');
    expect(checkId('hm_permit', 'H12345678').state).toBe('good');
    expect(checkId('tw_permit', '12345678').state).toBe('good');
    expect(checkId('permanent_resident', 'ABC123456789012').state).toBe('good');
    expect(checkId('passport', 'E12345678').state).toBe('good');
    expect(checkId('passport', 'E1!').state).toBe('bad');
  });
});
