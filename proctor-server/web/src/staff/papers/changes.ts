// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What one version of a blueprint changes in another, member by member.
export interface Change {
  readonly where: string;
  readonly before: string;
  readonly after: string;
}

function flat(value: unknown, where: string, out: Map<string, string>): void {
  const texts = Array.isArray(value) && value.every((one) => typeof one !== 'object');
  if (value === null || typeof value !== 'object' || texts) {
    out.set(where, texts ? (value as unknown[]).join(' ') : String(value));
    return;
  }
  const entries = Array.isArray(value) ? value.map((one, at) => [`[${at}]`, one] as const) : Object.entries(value).map(([name, one]) => [where ? `.${name}` : name, one] as const);
  for (const [name, one] of entries) flat(one, where + name, out);
}

/** Members that are not in one of the two are '' there. */
export function changesOf(before: string, after: string): Change[] {
  const [one, other] = [before, after].map((json) => {
    const out = new Map<string, string>();
    flat(JSON.parse(json), '', out);
    return out;
  }) as [Map<string, string>, Map<string, string>];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((where) => one.get(where) !== other.get(where))
    .map((where) => ({ where, before: one.get(where) ?? '', after: other.get(where) ?? '' }));
}
