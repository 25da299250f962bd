// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { computed, ref } from 'vue';

export type Language = 'zh' | 'en';
export interface Worded {
  readonly zh: string;
  readonly en: string;
}
export type Messages = Readonly<Record<string, Worded>>;
export type Values = Readonly<Record<string, string | number>>;

const kStored = 'invigil.language';

function remembered(): Language {
  try {
    const stored = localStorage.getItem(kStored);
    if (stored === 'zh' || stored === 'en') return stored;
  } catch {
    // Storage may be switched off; then the language is simply not remembered.
  }
  return 'zh';
}

/** The language of the whole page. Chinese until the person switches. */
export const language = ref<Language>(typeof localStorage === 'undefined' ? 'zh' : remembered());

export function setLanguage(next: Language): void {
  language.value = next;
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
  try {
    localStorage.setItem(kStored, next);
  } catch {
    // as above
  }
}

/** The wording of the language in use. */
export function worded(text: Worded): string {
  return text[language.value];
}

/** Words for somebody of either language: what was chosen from `list` goes out in both, own words as they are. */
export function inBoth(text: string, list: readonly Worded[]): Worded {
  const own = text.trim();
  return list.find(({ zh, en }) => own === zh || own === en) ?? { zh: own, en: own };
}

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** One page's messages: `t('key', {n: 3})`. Unknown keys and missing languages do not compile. */
export function messagesOf<M extends Messages>(messages: M) {
  return (key: keyof M & string, values?: Values): string => fill(worded(messages[key] as Worded), values);
}

/** Text between items of a list in one sentence. */
export const listSeparator = computed(() => (language.value === 'zh' ? '、' : ', '));
