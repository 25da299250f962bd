// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { defineComponent, h, type PropType, type VNode } from 'vue';
import FormulaText from './FormulaText.vue';
import { kPairedTags, kSingleTags, pictureAddress, piecesOf, type Markup } from './markup';
import './markup.css';

function textNodes(text: string): (VNode | string)[] {
  return piecesOf(text).map((piece) => (piece.formula ? h(FormulaText, { latex: piece.text }) : piece.text));
}

const numbersOf = (element: Element, names: readonly string[]) =>
  Object.fromEntries(names.filter((name) => /^\d{1,4}$/.test(element.getAttribute(name) ?? '')).map((name) => [name, element.getAttribute(name)]));

/** Only tags and attributes of the safe subset become elements, whatever stands in the text. */
function nodesOf(parent: Node): (VNode | string)[] {
  return [...parent.childNodes].flatMap((child): (VNode | string)[] => {
    if (child.nodeType === Node.TEXT_NODE) return textNodes(child.textContent ?? '');
    if (!(child instanceof Element)) return [];
    const tag = child.tagName.toLowerCase();
    if (tag === 'script' || tag === 'style') return [];
    if (tag === 'img') {
      const src = pictureAddress(child.getAttribute('src') ?? '');
      const alt = child.getAttribute('alt') ?? '';
      return src ? [h('img', { src, alt, ...numbersOf(child, ['width', 'height']) })] : [alt];
    }
    if (kSingleTags.includes(tag)) return [h(tag)];
    if (!kPairedTags.includes(tag)) return nodesOf(child);
    const made = h(tag, tag === 'td' || tag === 'th' ? numbersOf(child, ['colspan', 'rowspan']) : null, nodesOf(child));
    return tag === 'table' ? [h('div', { class: 'wide-table' }, [made])] : [made];
  });
}

/** A text of an item as it is shown: plain with its line breaks, or the safe subset of HTML with pictures, tables and formulae. */
export default defineComponent({
  props: { text: { type: String, required: true }, markup: { type: String as PropType<Markup>, required: true } },
  setup: (props) => () =>
    props.markup === 'html'
      ? h('div', { class: 'item-text' }, nodesOf(new DOMParser().parseFromString(`<body>${props.text}</body>`, 'text/html').body))
      : h('div', { class: 'item-text plain' }, props.text),
});
