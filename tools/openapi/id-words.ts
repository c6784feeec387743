import { type Document, operationsOf, type Parameter, type Schema } from './json.ts'

/** Says of every id in a path, and of every id that a property adds nothing to, what it is the id of. */
export function describeIds(document: Document): void {
  for (const [, , { parameters = [] }] of operationsOf(document)) parameters.forEach(describeParameter)
  for (const schema of Object.values(document.components.schemas))
    for (const [name, part] of Object.entries(schema.properties ?? {})) describeProperty(name, part)
}

function describeParameter(parameter: Parameter): void {
  const { name = '', schema } = parameter
  if (parameter.in !== 'path' || schema?.description !== unnamed) return
  parameter.description = idWords(name)
  delete schema.description
}

function describeProperty(name: string, schema: Schema): void {
  if (name.endsWith('Id') && schema.description === unnamed) schema.description = idWords(name)
}

/** The words of the schema of ids. */
export const unnamed = 'Identifier (UUIDv7).'

const idWords = (name: string): string => {
  const thing = name.replace(/Id$/, '')
  return `Id of the ${things[thing] ?? thing.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}.`
}

/** Things that are called more precisely than their ids. */
const things: Record<string, string> = {
  addon: 'add-on',
  apiKey: 'API key',
  block: 'availability block',
  change: 'proposed change',
  configEntry: 'configuration entry',
  erasure: 'erasure request',
  factor: 'second factor',
  hold: 'legal hold',
  icon: 'category icon',
  jobCandidate: 'candidate of a job posting',
  media: 'file',
  otpBreaker: 'breaker of sign-in codes',
  reset: 'password reset',
  series: 'task series',
  template: 'task template',
  view: 'saved view',
}
