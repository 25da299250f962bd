// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { commonMessages } from './messages';
import type { Wire } from './types';

export type IdType = Wire<'IdType'>;
export const kIdTypes: readonly IdType[] = [
  'resident_id',
  'hmt_residence',
  'permanent_resident',
  'hm_permit',
  'tw_permit',
  'passport',
];

export interface IdVerdict {
  /** good: may be sent. partial: nothing wrong so far. bad: cannot become right by typing on. */
  readonly state: 'empty' | 'partial' | 'bad' | 'good';
  readonly message: keyof typeof commonMessages;
  readonly n?: number;
}

const kWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** What a person typed, without spaces and full-width forms, in capitals. */
export function tidyId(typed: string): string {
  return typed
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s()-]/g, '')
    .toUpperCase();
}

/** Check character of 17 digits, ISO 7064 MOD 11-2 (GB 11643-1999). */
export function checkCharacter(first17: string): string {
  const sum = kWeights.reduce((total, weight, place) => total + weight * Number(first17[place]), 0);
  return '10X98765432'[sum % 11] as string;
}

function isBirth(text: string): boolean {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(4, 6));
  const day = Number(text.slice(6, 8));
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1800 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getTime() <= Date.now();
}

function eighteen(id: string, birthFrom: number): IdVerdict {
  if (!/^\d*$/.test(id.slice(0, 17)) || !/^[\dX]?$/.test(id.slice(17, 18))) return { state: 'bad', message: 'idCharacters' };
  if (id.length >= birthFrom + 8 && !isBirth(id.slice(birthFrom, birthFrom + 8))) return { state: 'bad', message: 'idBirth' };
  if (id.length < 18) return { state: 'partial', message: 'idTooShort', n: 18 - id.length };
  if (id.length > 18) return { state: 'bad', message: 'idTooLong', n: id.length - 18 };
  if (checkCharacter(id.slice(0, 17)) !== id[17]) return { state: 'bad', message: 'idCheckDigit' };
  return { state: 'good', message: 'idGood' };
}

function byPattern(id: string, good: RegExp, begun: RegExp, message: IdVerdict['message']): IdVerdict {
  if (good.test(id)) return { state: 'good', message: 'idGood' };
  return { state: begun.test(id) ? 'partial' : 'bad', message };
}

/** Checks a document number while it is typed. Unknown region codes are never refused (codes get abolished). */
export function checkId(type: IdType, typed: string): IdVerdict {
  const id = tidyId(typed);
  if (!id) return { state: 'empty', message: 'idEmpty' };
  switch (type) {
    case 'resident_id':
      return /^\d{15}$/.test(id) ? { state: 'partial', message: 'idOld15' } : eighteen(id, 6);
    case 'hmt_residence':
      if (id.length >= 6 && !/^8[123]0000/.test(id)) return { state: 'bad', message: 'idRegion' };
      return eighteen(id, 6);
    case 'permanent_resident':
      if (/^\d/.test(id)) {
        return id[0] === '9' ? eighteen(id, 6) : { state: 'bad', message: 'idPermanent' };
      }
      return byPattern(id, /^[A-Z]{3}\d{12}$/, /^([A-Z]{1,3}|[A-Z]{3}\d{1,12})$/, 'idPermanent');
    case 'hm_permit':
      return byPattern(id, /^[HM]\d{8}(\d{2})?$/, /^[HM]\d{0,10}$/, 'idHm');
    case 'tw_permit':
      return byPattern(id, /^\d{8}(\d{2})?$/, /^\d{1,10}$/, 'idTw');
    default:
      return byPattern(id, /^[A-Z0-9]{5,20}$/, /^[A-Z0-9]{1,20}$/, 'idPassport');
  }
}
