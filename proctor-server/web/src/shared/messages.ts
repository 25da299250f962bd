// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { messagesOf, type Messages } from './language';

/** What every page says. */
export const commonMessages = {
  otherLanguage: { zh: 'English', en: '中文' },
  otherLanguageLabel: { zh: '切换到英文', en: 'Switch to Chinese' },
  offline: {
    zh: '连不上服务器。请检查网络，然后再试一次。',
    en: 'The server cannot be reached. Check the network, then try again.',
  },
  badAnswer: {
    zh: '服务器的回答看不懂（{status}）。请稍后再试。',
    en: 'The server’s answer could not be read ({status}). Try again later.',
  },
  tryAgain: { zh: '再试一次', en: 'Try again' },
  loading: { zh: '正在读取…', en: 'Loading…' },
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },
  copyByHand: { zh: '请长按文字复制', en: 'Press the text to copy it' },
  today: { zh: '今天', en: 'Today' },
  tomorrow: { zh: '明天', en: 'Tomorrow' },
  resident_id: { zh: '居民身份证', en: 'Resident ID card' },
  hmt_residence: { zh: '港澳台居民居住证', en: 'Residence permit, HK/Macao/Taiwan' },
  permanent_resident: { zh: '外国人永久居留身份证', en: 'Permanent resident ID card' },
  hm_permit: { zh: '港澳居民来往内地通行证', en: 'Travel permit, HK/Macao' },
  tw_permit: { zh: '台湾居民来往大陆通行证', en: 'Travel permit, Taiwan' },
  passport: { zh: '护照', en: 'Passport' },
  idEmpty: { zh: '请填写证件号码', en: 'Enter the document number' },
  idTooShort: { zh: '还差 {n} 位', en: '{n} more to go' },
  idTooLong: { zh: '多了 {n} 位，请核对', en: '{n} too many, please check' },
  idCharacters: { zh: '只能是数字，最后一位可以是 X', en: 'Digits only; the last may be X' },
  idCheckDigit: { zh: '号码有误：最后一位对不上，请逐位核对', en: 'Something is mistyped: the last character does not match the others' },
  idBirth: { zh: '号码有误：第 7 至 14 位不是有效的出生日期', en: 'Something is mistyped: places 7 to 14 are not a date of birth' },
  idOld15: { zh: '15 位的旧号码已停用，请填 18 位号码', en: 'Old 15-digit numbers are no longer valid; enter the 18-digit one' },
  idRegion: { zh: '居住证号码以 810000、820000 或 830000 开头', en: 'Residence permit numbers begin with 810000, 820000 or 830000' },
  idPermanent: { zh: '应为 9 开头的 18 位数字，或 3 个字母加 12 位数字', en: 'Either 18 digits beginning with 9, or 3 letters and 12 digits' },
  idHm: { zh: '应为字母 H 或 M 加 8 位数字', en: 'The letter H or M and 8 digits' },
  idTw: { zh: '应为 8 位数字', en: '8 digits' },
  idPassport: { zh: '应为 5 至 20 位字母和数字', en: '5 to 20 letters and digits' },
  idGood: { zh: '号码格式正确', en: 'The number is well formed' },
  photoUnreadable: { zh: '这个文件不是能打开的照片，请换一张', en: 'This file is not a picture that can be opened; choose another' },
} as const satisfies Messages;

export const common = messagesOf(commonMessages);
