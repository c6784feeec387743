import { Parser } from '@asyncapi/parser'
import type { Finding } from './finding.ts'

/** Every tool for AsyncAPI 3 reads 3.0.0, and nothing of 3.1.0 is needed here. */
const off = ['asyncapi-latest-version']

/** The reference parser of AsyncAPI: its schema, its references, and its rules of style but those that are off. */
export async function asyncApiFindings(text: string): Promise<Finding[]> {
  const diagnostics = await new Parser().validate(text)
  return diagnostics
    .filter(({ code }) => !off.includes(String(code)))
    .map(({ code, message, path }) => ({
      judge: 'asyncapi',
      rule: String(code),
      place: `/${path.join('/')}`,
      message,
    }))
}
