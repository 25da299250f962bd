// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The dated topic tree of the three roles; read once.
import { shallowRef } from 'vue';
import { get } from '../../shared/api';
import { worded } from '../../shared/language';
import type { Wire } from '../../shared/types';

export type Topic = Wire<'Topic'>;
export interface TopicNode {
  readonly value: string;
  readonly label: string;
  readonly children: TopicNode[];
}

export const taxonomy = shallowRef<Wire<'Taxonomy'> | null>(null);
let asked: Promise<void> | null = null;

/** Throws ApiError; a later call tries again. */
export function loadTaxonomy(): Promise<void> {
  asked ??= get<Wire<'Taxonomy'>>('/taxonomy').then(
    (tree) => void (taxonomy.value = tree),
    (error: unknown) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

const labelOf = (topic: Topic) => (topic.number ? `${topic.number} ${worded(topic.title)}` : worded(topic.title));

/** What a topic is called: its title, or its id when the tree does not know it. */
export function topicTitle(id: string): string {
  const found = taxonomy.value?.topics.find((one) => one.id === id);
  return found ? labelOf(found) : id;
}

/** The tree; `value` makes of an id what is chosen; counts stand behind titles, a parent's include what is under it. */
export function topicTree(topics: readonly Topic[], valueOf: (id: string, isParent: boolean) => string = (id) => id, counts: ReadonlyMap<string, number> | null = null): TopicNode[] {
  const under = new Map<string, Topic[]>();
  for (const topic of topics) under.set(topic.parent, [...(under.get(topic.parent) ?? []), topic]);
  const node = (topic: Topic): { node: TopicNode; items: number } => {
    const children = (under.get(topic.id) ?? []).map(node);
    const items = (counts?.get(topic.id) ?? 0) + children.reduce((sum, one) => sum + one.items, 0);
    const label = counts && items ? `${labelOf(topic)} (${items})` : labelOf(topic);
    return { node: { value: valueOf(topic.id, children.length > 0), label, children: children.map((one) => one.node) }, items };
  };
  return (under.get('') ?? []).map((topic) => node(topic).node);
}

/** Topics that items have and the tree does not know. */
export function strangers(values: readonly string[]): string[] {
  const known = new Set(taxonomy.value?.topics.map((one) => one.id));
  return values.filter((one) => one && one !== '-' && !known.has(one));
}
