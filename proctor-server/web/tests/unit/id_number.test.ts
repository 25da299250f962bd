// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { checkCharacter, checkId, tidyId } from '../../src/shared/id_number';

describe('resident ID numbers', () => {
  it.each(['11010519491231002X', '440524188001010014', '440308199901101512', '11010519491231002x', ' 440524 1880 0101 0014 '])('accepts %s', (id) => {
    expect(checkId('resident_id', id).state).toBe('good');
  });

  it('says that the check character is wrong, whichever digit was mistyped', () => {
    expect(checkId('resident_id', '110105194912310021').message).toBe('idCheckDigit');
    expect(checkId('resident_id', '440524188001010015').message).toBe('idCheckDigit');
    expect(checkId('resident_id', '440542188001010014').message).toBe('idCheckDigit');
  });

  it('takes one check character and refuses the ten others', () => {
    const right = checkCharacter('11010519491231002');
    for (const other of '0123456789X') {
      expect(checkId('resident_id', `11010519491231002${other}`).state).toBe(other === right ? 'good' : 'bad');
    }
  });

  it('counts what is missing while it is typed', () => {
    expect(checkId('resident_id', '440524')).toEqual({ state: 'partial', message: 'idTooShort', n: 12 });
    expect(checkId('resident_id', '4405241880010100145')).toEqual({ state: 'bad', message: 'idTooLong', n: 1 });
  });

  it('refuses letters, impossible dates and the old 15 digits, each in its own words', () => {
    expect(checkId('resident_id', '44052A').message).toBe('idCharacters');
    expect(checkId('resident_id', '44052419800230').message).toBe('idBirth');
    expect(checkId('resident_id', '440524800101001').message).toBe('idOld15');
  });

  it('never refuses an unknown region code', () => {
    const first17 = '99999919800101123';
    expect(checkId('resident_id', first17 + checkCharacter(first17)).state).toBe('good');
  });

  it('reads full-width digits', () => {
    expect(tidyId('１１０105')).toBe('110105');
  });
});

describe('other documents', () => {
  it.each([
    ['hmt_residence', '810000199408230021', 'good'],
    ['hmt_residence', '830000199201300022', 'good'],
    ['hmt_residence', '440524188001010014', 'bad'],
    ['permanent_resident', 'USA123456789012', 'good'],
    ['permanent_resident', 'US', 'partial'],
    ['hm_permit', 'H12345678', 'good'],
    ['hm_permit', 'X1', 'bad'],
    ['tw_permit', '12345678', 'good'],
    ['passport', 'E12345678', 'good'],
    ['passport', 'E1', 'partial'],
    ['passport', 'E-护照', 'bad'],
  ] as const)('%s %s is %s', (type, id, state) => {
    expect(checkId(type, id).state).toBe(state);
  });
});
