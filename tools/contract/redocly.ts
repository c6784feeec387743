import { join } from 'node:path'
import { createConfig, lint } from '@redocly/openapi-core'
import type { Finding } from './finding.ts'

/** Rules of Redocly beside its `recommended-strict`. Each rule that is off says why. */
const rules = {
  // Ajv checks every example, against draft 2020-12 itself (examples.ts).
  'no-invalid-schema-examples': 'off',
  'no-invalid-media-type-examples': 'off',
  'no-invalid-parameter-examples': 'off',
  // A socket answers 101, which the rule does not know; `rule/success-response` asks for an answer of the good case.
  'operation-2xx-response': 'off',

  'component-name-unique': 'error',
  'info-contact': 'error',
  'operation-description': 'error',
  'operation-singular-tag': 'error',
  'operation-tag-defined': 'error',
  'parameter-description': 'error',
  'path-http-verbs-order': 'error',
  'path-params-defined': 'error',
  'spec-strict-refs': 'error',
  'tags-alphabetical': { severity: 'error', ignoreCase: true },
} as const

/** Rules of this house that can be said in Redocly's language. */
const houseRules = {
  'rule/operation-id': {
    subject: { type: 'Operation', property: 'operationId' },
    assertions: { defined: true, pattern: '/^(on\\.)?[a-z][a-zA-Z_]*\\.[a-z][a-zA-Z_]*$/' },
    message: 'operationId must be resource.verb',
  },
  'rule/summary': {
    subject: { type: 'Operation', property: 'summary' },
    assertions: { defined: true, maxLength: 60, notPattern: '/\\.$/' },
    message: 'summary must have at most 60 characters and no full stop',
  },
  'rule/description': {
    subject: { type: 'Operation', property: 'description' },
    assertions: { pattern: '/[.:`]$/' },
    message: 'description must be in sentences',
  },
  'rule/explicit-security': {
    subject: { type: 'Operation', property: 'security' },
    assertions: { defined: true },
    message: 'security must be explicit, even where everybody may call',
  },
  'rule/path': {
    subject: { type: 'Paths' },
    assertions: {
      pattern:
        '/^(\\/|(\\/(\\{[a-z][a-zA-Z]*\\}|v1|[a-z]+(-[a-z]+)*|\\.well-known|[a-z]+(-[a-z]+)*\\.json))+)$|^[a-z_]+\\.[a-z_]+$/',
    },
    message: 'a path must be of kebab-case segments and camelCase parameters',
  },
  'rule/schema-name': {
    subject: { type: 'NamedSchemas' },
    assertions: { pattern: '/^[A-Z][A-Za-z0-9]*$/' },
    message: 'a schema must have a PascalCase name',
  },
  'rule/success-response': {
    subject: { type: 'Responses' },
    assertions: { requireAny: ['101', '200', '201', '202', '204', '302', '2XX'] },
    message: 'an operation must have an answer for the good case',
  },
}

/** The edition in 3.0.3 is made from the other: what is left to judge is whether it is valid 3.0.3. */
const edition30Rules = {
  // `nullable: true` means "or null" also beside `allOf`, without a type: the generators that read 3.0 take it so.
  'nullable-type-sibling': 'off',
} as const

export async function redoclyFindings(file: string): Promise<Finding[]> {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: { ...rules, ...houseRules, ...(file.endsWith('3.0.json') && edition30Rules) },
  } as never)
  const problems = await lint({ ref: join(import.meta.dirname, '../..', file), config })
  return problems.map(({ ruleId, message, location }) => ({
    judge: `redocly ${file}`,
    rule: ruleId,
    place: location[0]?.pointer ?? '#',
    message,
  }))
}
