// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
/** A bank id made of a file's name: lower case, digits, hyphens; a name without Latin letters gives "bank". */
export function bankIdFrom(name: string): string {
  const plain = name.toLowerCase().replace(/\.[a-z0-9]+$/, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return (plain || 'bank').slice(0, 64);
}

/** A title made of a file's name. */
export function bankTitleFrom(name: string): string {
  return name.replace(/\.[A-Za-z0-9]+$/, '').slice(0, 200);
}
