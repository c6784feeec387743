import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import spectral from '@stoplight/spectral-core'
import functions from '@stoplight/spectral-functions'
import owasp from '@stoplight/spectral-owasp-ruleset'
import parsers from '@stoplight/spectral-parsers'
import rulesets from '@stoplight/spectral-rulesets'
import type { Finding } from './finding.ts'

/** Spectral's own rules for OpenAPI, all of them. Each rule that is off says why. */
const openApi = {
  extends: [[rulesets.oas, 'all']],
  rules: {
    // OpenAPI 3.1 lets a requirement of any scheme name roles ("security requirement object"); the rule knows OAuth 2 only.
    'oas3-operation-security-defined': 'off',
    // A socket answers 101. Redocly's `rule/success-response` knows that.
    'operation-success-response': 'off',
    // Ajv checks every example, against draft 2020-12 itself (examples.ts).
    'oas3-valid-media-example': 'off',
    'oas3-valid-schema-example': 'off',
  },
}

type Rule = Record<string, unknown>
const owaspRules = (owasp as unknown as { rules: Record<string, Rule> }).rules

/**
 * A rule about limits, for what callers send: those bound what our server has to take. A limit on what we send would bind
 * us without protecting anybody.
 */
const forRequests = (name: string, type: string): Rule => ({
  ...owaspRules[name],
  given: [
    `$.paths[*][*].requestBody.content[*].schema..[?(@ && @.type=='${type}')]`,
    // The server in front of us bounds headers: 16 KB together.
    `$.paths[*][*].parameters[?(@ && @.in != 'header' && @.schema && @.schema.type=='${type}')].schema`,
  ],
})

const bounded = [
  ...['maxLength', 'enum', 'const', 'pattern'].map((keyword) => ({ required: [keyword] })),
  { required: ['format'], properties: { format: { enum: ['uuid', 'date-time', 'date'] } } },
]

/** The OWASP API Security Top 10 (2023), as Spectral rules. Each rule that is off says why. */
const security = {
  extends: [[owasp, 'all']],
  rules: {
    // A format or a pattern bounds a string as well as `maxLength` does.
    'owasp:api4:2023-string-limit': {
      ...forRequests('owasp:api4:2023-string-limit', 'string'),
      // biome-ignore lint/suspicious/noThenProperty: the rule language of Spectral; nobody awaits it.
      then: {
        function: functions.schema,
        functionOptions: { schema: { type: 'object', anyOf: bounded } },
      },
    },
    'owasp:api4:2023-integer-limit': forRequests('owasp:api4:2023-integer-limit', 'integer'),
    'owasp:api4:2023-array-limit': forRequests('owasp:api4:2023-array-limit', 'array'),
    // Names, comments and reasons are free text: no pattern is true of them. What has a format says so.
    'owasp:api4:2023-string-restricted': 'off',
    // CORS headers are the same on each response, errors and preflights among them: test/http holds them.
    'owasp:api8:2023-define-cors-origin': 'off',
    // Public operations are public by decision, each listed in test/contract/public-operations.ts. They answer no 401.
    'owasp:api2:2023-write-restricted': 'off',
    'owasp:api2:2023-read-restricted': 'off',
    'owasp:api8:2023-define-error-responses-401': {
      ...owaspRules['owasp:api8:2023-define-error-responses-401'],
      given: '$.paths[*][?(@ && @.security && @.security.length > 0)].responses',
    },
    // 414 is answered before a request is read, and counted.
    'owasp:api4:2023-rate-limit': {
      ...owaspRules['owasp:api4:2023-rate-limit'],
      given: "$.paths[*]..responses[?(@property.match(/^(2|4)/) && @property != '414')]",
    },
    // It takes the path parameter `apiKeyId`, an id, for a key. Programs for calendars send no headers: the link of a feed is its secret.
    'owasp:api2:2023-no-credentials-in-url': {
      ...owaspRules['owasp:api2:2023-no-credentials-in-url'],
      given:
        "$..parameters[?(@ && @.in && @.name != 'apiKeyId' && @.name != 'feedToken' && @.in.match(/query|path/))]",
    },
  },
}

const { Spectral, Ruleset, Document } = spectral

export async function spectralFindings(file: string): Promise<Finding[]> {
  const text = await readFile(join(import.meta.dirname, '../..', file), 'utf8')
  const sets = file.endsWith('3.0.json') ? { openApi } : { openApi, security }
  const found: Finding[] = []
  for (const [name, ruleset] of Object.entries(sets)) {
    const judge = new Spectral()
    judge.setRuleset(new Ruleset(ruleset as never))
    for (const { code, message, path } of await judge.run(new Document(text, parsers.Json, file)))
      found.push({
        judge: `spectral ${name} ${file}`,
        rule: String(code),
        place: `/${path.join('/')}`,
        message,
      })
  }
  return found
}
