// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { inject, type ComputedRef, type InjectionKey } from 'vue';
import type { Blueprint } from './blueprint';

/** What every section of the form shares. Keys are members of the file: 'parts[0].count'. */
export interface Form {
  readonly blueprint: Blueprint;
  /** What is wrong with a field, in words. */
  readonly faults: ComputedRef<ReadonlyMap<string, string>>;
  /** What the items in use hold for a rule, of the newest pre-flight; empty before the first. */
  readonly stock: ComputedRef<ReadonlyMap<string, number>>;
  /** Fields that a finding of the pre-flight is about. */
  readonly marks: ComputedRef<ReadonlySet<string>>;
}
export const kForm: InjectionKey<Form> = Symbol('blueprint form');
export const useForm = () => inject(kForm) as Form;
