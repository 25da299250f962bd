// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../../shared/types';
import { wireWord } from '../messages';
import { f, faceWord } from './messages';

export type Check = Wire<'AdmissionCheck'>;
type Layers = Wire<'AdmissionLayers'>;
/** One layer in words; `look` where it was on the wrong side of its limit. */
export interface Line {
  label: string;
  value: string;
  look: boolean;
}

const kBetween = ' · ';
const two = (value: number) => value.toFixed(2);
const percent = (share: number) => String(Math.round(share * 100));

/** `asked`: this layer decided, so that a missing figure is the reason. */
function atLeast(label: string, value: number | null, limit: number, asked: boolean): Line {
  if (value === null) return { label, value: f('notMeasured'), look: asked };
  return { label, value: f('atLeast', { value: two(value), limit: two(limit) }), look: value < limit };
}

function textureLine(layers: Layers, asked: boolean): Line {
  const label = f('texture');
  const texture = layers.liveness?.texture ?? null;
  const limits = layers.limits;
  if (texture) {
    const value = f('textureOf', {
      mean: two(texture.mean), mean_min: two(limits.texture_mean_min), low: percent(texture.low_share), low_max: percent(limits.texture_low_share_max), frames: texture.frames,
    });
    const look = texture.frames < limits.texture_frames_min || texture.mean < limits.texture_mean_min || texture.low_share > limits.texture_low_share_max;
    return { label, value, look: look && !layers.texture_skipped };
  }
  return { label, value: f(layers.texture_skipped ? 'skipped' : 'notMeasured'), look: asked };
}

function challengeLines(layers: Layers): Line[] {
  if (!layers.actions.length) return [];
  const steps = layers.liveness?.steps ?? [];
  const seen = steps.map((step) => `${faceWord(step.action)} ${(step.ms / 1000).toFixed(1)} s`).join(kBetween);
  const as_asked = steps.length === layers.actions.length && steps.every((step, n) => step.action === layers.actions[n]);
  return [
    { label: f('asked'), value: layers.actions.map(faceWord).join(kBetween), look: false },
    { label: f('seen'), value: seen || f('none'), look: !as_asked || layers.liveness?.result !== 'passed' },
  ];
}

/** What a try measured, in the order in which the server judges. */
export function linesOf(check: Check): Line[] {
  const layers = check.layers;
  if (!layers) return [];
  const { liveness, limits } = layers;
  const lines = challengeLines(layers);
  const turned = layers.actions.some((action) => action === 'turn_left' || action === 'turn_right');
  if (turned && limits.flatness_min > 0) lines.push(atLeast(f('depth'), liveness?.flatness ?? null, limits.flatness_min, check.finding === 'flat'));
  if (liveness?.replayed) lines.push({ label: f('replay'), value: f('yes'), look: true });
  if (limits.light && !layers.texture_skipped) lines.push(atLeast(f('follows'), liveness?.light ?? null, limits.light_min, check.finding === 'light'));
  lines.push(textureLine(layers, check.finding === 'texture_missing'));
  const same = liveness?.same_person_min ?? null;
  if (same !== null) lines.push({ label: f('samePerson'), value: two(same), look: false });
  if (layers.compared?.length) lines.push({ label: f('compared'), value: layers.compared.map((kind) => faceWord(`kind_${kind}`)).join(kBetween), look: false });
  if (check.similarity !== null) lines.push(atLeast(f('likeness'), check.similarity, layers.admit_min, true));
  const second = liveness?.second_distance ?? null;
  if (second !== null)
    lines.push({ label: f('second'), value: f('atMost', { value: two(second), limit: two(limits.second_distance_max) }), look: second > limits.second_distance_max });
  const camera = layers.camera;
  const named = camera ? [camera.name, camera.driver, camera.usb_id].filter(Boolean).join(kBetween) : '';
  lines.push({ label: f('camera'), value: named || wireWord(layers.camera_kind), look: check.finding.startsWith('camera') });
  lines.push({ label: f('models'), value: [layers.detector, layers.verifier, layers.engine?.texture, layers.engine?.second].filter(Boolean).join(kBetween), look: false });
  return lines;
}
