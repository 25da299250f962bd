// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Holds the mock against ../api/openapi.yaml: a request or an answer that does not fit is an error of the test.
import Ajv from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const document = parse(readFileSync(new URL('../../api/openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true, formats: { int64: true, binary: true, byte: true, double: true } });
ajv.addSchema({ $id: 'api', components: document.components });

const rows = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({
    verb: verb.toUpperCase(),
    pattern: new RegExp('^' + path.replace(/\{[^}]+\}/g, '([^/]+)') + '$'),
    path,
    operation,
  })),
);
const checks = new Map();

function problem(schema, value) {
  const key = schema.$ref;
  if (!key) return '';
  if (!checks.has(key)) checks.set(key, ajv.compile({ $ref: 'api' + key }));
  const check = checks.get(key);
  return check(value) ? '' : ajv.errorsText(check.errors);
}

/** The row of openapi.yaml for a call, and the {id} of its path; null when there is none. */
export function findRow(verb, path) {
  for (const row of rows) {
    const match = row.verb === verb && row.pattern.exec(path);
    if (match) return { ...row, id: match[1] && decodeURIComponent(match[1]) };
  }
  return null;
}

export function unknownQuery(row, names) {
  const known = (row.operation.parameters ?? []).filter((p) => p.in === 'query').map((p) => p.name);
  return names.find((name) => !known.includes(name)) ?? '';
}

export function requestProblem(row, body) {
  const schema = row.operation.requestBody?.content?.['application/json']?.schema;
  return schema ? problem(schema, body) : '';
}

export function answerProblem(row, status, body) {
  const answer = status < 400 ? row.operation.responses['200'] : row.operation.responses.default;
  const schema = answer.content['application/json']?.schema;
  return schema ? problem(schema, body) : '';
}
