import { type Document, type Json, operationsOf, type Schema } from './json.ts'

/**
 * Names of enums that are used in several places, each with one of the places: everything else that has the same values
 * refers to it. A generated client then has one type where there is one thing, not one a place.
 */
const enums: Record<string, { at: [schema: string, property: string]; description: string }> = {
  AccountRole: { at: ['User', 'role'], description: 'Role of an account.' },
  AccountStatus: { at: ['User', 'status'], description: 'Status of an account.' },
  AccountType: {
    at: ['User', 'accountType'],
    description: 'Whether an account is for a person or a company.',
  },
  ActorType: { at: ['AuditEntry', 'actorType'], description: 'Kind of actor that made a change.' },
  AuditOutcome: { at: ['AuditEntry', 'status'], description: 'Outcome of what the audit log records.' },
  AvailabilityKind: {
    at: ['AvailabilityBlock', 'kind'],
    description: 'Whether a block is working time or time off.',
  },
  CandidateStatus: { at: ['CandidateProfile', 'status'], description: 'Status of a candidate profile.' },
  CodeChannel: { at: ['OtpRequested', 'channel'], description: 'Channel that a sign-in code is sent by.' },
  CompanyApproval: {
    at: ['CompanyProfile', 'approvalStatus'],
    description: 'State of the approval of a company profile.',
  },
  CompanyProfileStatus: {
    at: ['CompanyProfile', 'status'],
    description: 'Whether a company profile is shown.',
  },
  ContactPreference: {
    at: ['ClientProfile', 'contactPreference'],
    description: 'How a client prefers to be contacted.',
  },
  DevicePlatform: { at: ['Device', 'platform'], description: 'Platform of a device.' },
  DisputeOutcome: {
    at: ['DisputeResolution', 'outcome'],
    description: 'State that a dispute leaves its booking in.',
  },
  DistanceUnit: { at: ['Settings', 'distanceUnit'], description: 'Unit that distances are shown in.' },

  EmploymentStatus: { at: ['Employee', 'employmentStatus'], description: 'Status of an employment.' },
  Gender: { at: ['UserProfile', 'gender'], description: 'Gender that a user has stated.' },
  MessageKind: { at: ['Message', 'kind'], description: 'Kind of a message.' },
  PayoutStatus: { at: ['Payout', 'status'], description: 'Status of a payout.' },
  PricingModel: { at: ['Task', 'pricingModel'], description: 'How a task is priced.' },
  Proficiency: { at: ['SpokenLanguage', 'proficiency'], description: 'How well a language is spoken.' },
  RetentionOutcome: { at: ['RetentionRun', 'outcome'], description: 'Outcome of a retention run.' },
  RoleGrantStatus: { at: ['UserRole', 'status'], description: 'Status of a role of a user.' },
  Sourcing: { at: ['Task', 'sourcing'], description: 'How a tasker is found.' },
  StaffAudience: { at: ['Department', 'visibility'], description: 'Whether something is for staff alone.' },
  StartScreen: { at: ['Settings', 'startScreen'], description: 'Screen that the app starts with.' },
  SupportedCurrency: {
    at: ['ExpectedSalary', 'currency'],
    description: 'Currency that is paid in (ISO 4217).',
  },
  TextSize: { at: ['Settings', 'textSize'], description: 'Size of text.' },
  Theme: { at: ['Settings', 'theme'], description: 'Colours of the app.' },
  TimeFormat: { at: ['Settings', 'timeFormat'], description: 'How times are shown.' },
  WebhookDeliveryStatus: { at: ['WebhookDelivery', 'status'], description: 'Status of a delivery.' },
  WeekStart: { at: ['Settings', 'weekStartsOn'], description: 'First day of the week.' },
}

/** The same for enums that only queries have: each with the operation and the parameter that it comes from. */
const queryEnums: Record<string, { at: [operationId: string, parameter: string]; description: string }> = {
  AuditModule: { at: ['audit.list', 'module'], description: 'Area of the platform that wrote an entry.' },
  BookingParty: { at: ['bookings.list', 'role'], description: 'Part that a person has in a booking.' },
}

type Schemas = Record<string, Schema>

/** Refers to the named enum wherever its values are listed, in parameters too, and to named objects and unions that may be null as such. */
export function shareTypes({ components, paths }: Pick<Document, 'components' | 'paths'>): void {
  const { schemas } = components
  nameEnums(schemas)
  nameQueryEnums(schemas, paths)
  const named = new Map(
    Object.entries(schemas).flatMap(([name, schema]) => (schema.enum ? [[keyOf(schema.enum), name]] : [])),
  )
  const nullable = new Set(Object.keys(schemas).filter((name) => takeNull(schemas[name] as Schema)))
  const kept = discriminators(schemas)
  const unions = new Map(
    Object.entries(schemas).flatMap(([name, { oneOf }]) => (oneOf ? [[membersOf(oneOf), name]] : [])),
  )
  const replace = (schema: Schema): void => {
    if (kept.has(schema)) return
    const name = schema.enum && named.get(keyOf(schema.enum))
    if (name) referTo(schema, name)
    else if (schema.$ref && nullable.has(schema.$ref.slice(prefix.length))) orNull(schema)
    else if (schema.anyOf?.some(({ type }) => type === 'null')) {
      const union = unions.get(membersOf(schema.anyOf.filter(({ type }) => type !== 'null')))
      if (union) orNull(Object.assign(schema, { $ref: `${prefix}${union}` }))
    }
  }
  for (const schema of Object.values(schemas)) if (!schema.enum) visit(schema, replace)
  visit(paths, replace)
}

/** Properties that tell the members of a union apart: generators want their values in place. */
function discriminators(schemas: Schemas): Set<Schema> {
  const found = Object.values(schemas).flatMap(({ oneOf, discriminator }) =>
    (oneOf ?? []).map(
      ({ $ref }) =>
        schemas[String($ref).slice(prefix.length)]?.properties?.[discriminator?.propertyName ?? ''],
    ),
  )
  return new Set(found.filter((schema) => schema !== undefined))
}

const prefix = '#/components/schemas/'
const membersOf = (parts: Schema[]): string =>
  parts.map((part) => part.$ref ?? JSON.stringify(part)).join(' ')
const keyOf = (values: Json[]): string => JSON.stringify(values.filter((value) => value !== null).sort())

function nameEnums(schemas: Schemas): void {
  for (const [name, { at, description }] of Object.entries(enums)) {
    const [schema, property] = at
    const values = schemas[schema]?.properties?.[property]?.enum?.filter((value) => value !== null)
    if (!values || schemas[name]) throw new Error(`${at.join('.')} has no enum that could be called ${name}`)
    schemas[name] = { type: 'string', enum: values, description }
  }
}

function nameQueryEnums(schemas: Schemas, paths: Document['paths']): void {
  const operations = new Map([...operationsOf({ paths })].map(([, , object]) => [object.operationId, object]))
  for (const [name, { at, description }] of Object.entries(queryEnums)) {
    const [operationId, parameter] = at
    const found = operations.get(operationId)?.parameters?.find((one) => one.name === parameter)
    if (!found?.schema?.enum || schemas[name]) throw new Error(`${at.join('.')} has no enum for ${name}`)
    schemas[name] = { type: 'string', enum: found.schema.enum, description }
  }
}

/** Turns an enum in place into a reference. Its words stay: a property says more of itself than the type does. */
function referTo(schema: Schema, name: string): void {
  const isNullable = schema.enum?.includes(null) || [schema.type].flat().includes('null')
  const [first] = schema.enum ?? []
  schema.example ??= schema.default ?? first ?? null
  delete schema.type
  delete schema.enum
  schema.$ref = `${prefix}${name}`
  if (isNullable) orNull(schema)
}

function orNull(schema: Schema): void {
  schema.anyOf = [{ $ref: schema.$ref as string }, { type: 'null' }]
  delete schema.$ref
}

/** Makes a named object that may be null one that may not: those who refer to it say so. */
function takeNull(schema: Schema): boolean {
  if (!Array.isArray(schema.type) || !schema.type.includes('null')) return false
  schema.type = schema.type.find((type) => type !== 'null') ?? 'object'
  if (schema.example === null) delete schema.example
  return true
}

const data = new Set(['example', 'examples', 'default'])

/** Visits every schema below a node: each object may be one. */
function visit(node: unknown, replace: (schema: Schema) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (Array.isArray(node)) for (const part of node) visit(part, replace)
  else {
    for (const [key, part] of Object.entries(node)) if (!data.has(key)) visit(part, replace)
    const { enum: values, $ref, anyOf } = node as Schema
    if (Array.isArray(values) || typeof $ref === 'string' || Array.isArray(anyOf)) replace(node)
  }
}
