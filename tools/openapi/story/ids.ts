import { anyId, idOf, isAnyId, isOwnField, kindOfField, singular } from '../example-ids.ts'
import { type Document, type Json, nameOfRef, operationsOf, type Schema } from '../json.ts'
import { camelCase, isObject, type JsonObject, type Part, partsOf, type Schemas } from './parts.ts'

/** Schemas that show the same object as another one does. */
const shownAlso: Record<string, string> = {
  TaskerProfile: 'tasker',
  FoundTasker: 'tasker',
  OpenTask: 'task',
  DispatchedTask: 'task',
  VerificationRequest: 'verification',
  Verification: 'userVerification',
  DirectoryEntry: 'roleProfile',
  ComparedBid: 'bid',
  PublicQuestion: 'taskQuestion',
  Payout: 'payout',
  User: 'user',
  ClosedAccount: 'user',
  ModeratedReview: 'review',
  PublicReview: 'review',
  OwnErasure: 'erasure',
  OwnRole: 'userRole',
  OwnAssignment: 'assignment',
  CompanyBooking: 'booking',
  FoundJob: 'jobPosting',
  ListedCompany: 'company',
  ReviewedCompany: 'company',
  ApiKeyWithSecret: 'apiKey',
  WebhookWithSecret: 'webhook',
  SettledPayoutBatch: 'payoutBatch',
  OwnCandidateView: 'candidateView',
  Export: 'export',
  OpenLead: 'lead',
  StaffReviewFlag: 'reviewFlag',
}

/** The kind of object of each schema that a path ends with the id of: `GET /v1/tasks/{taskId}` answers a task. */
export function kindsOf({ paths }: Pick<Document, 'paths'>): Map<string, string> {
  const kinds = new Map(Object.entries(shownAlso))
  for (const [path, method, { responses }] of operationsOf({ paths })) {
    const named = /\{(\w+)Id\}$/.exec(path)?.[1]
    const ref = responses['200']?.content?.['application/json']?.schema?.$ref
    if (method === 'get' && named && ref && !kinds.has(nameOfRef(ref)))
      kinds.set(nameOfRef(ref), kindOfField(named))
  }
  return kinds
}

/** The kind of a part: of its field, or of its schema where it is the whole answer or one of a list. */
export function kindOfPart({ name, key, index, parent }: Part, kinds: Map<string, string>): string {
  const bySchema = name && (kinds.get(name) ?? camelCase(name))
  if (parent && index === undefined && key !== '') return kindOfField(key, parent.name)
  const listed = kindOfField(key)
  const isOfSchema =
    key === '' || key === 'data' || /^(items|results)$/.test(key) || !bySchema || isPartOf(bySchema, listed)
  const kind = isOfSchema ? (bySchema ?? listed) : listed
  return index ? `${kind}${index + 1}` : kind
}

/** Whether a list is called by what is in it: `recentPayouts`, or `extras` of a service. */
const isPartOf = (kind: string, listed: string): boolean =>
  kind.toLowerCase().endsWith(listed.toLowerCase()) || listed.toLowerCase().endsWith(kind.toLowerCase())

/** Gives every object of an example an id of its own kind: a client is not their tasker, nor a task its booking. */
export function giveIds(example: Json, schema: Schema, schemas: Schemas, kinds: Map<string, string>): void {
  for (const part of partsOf(example, schema, schemas)) {
    const { value, name } = part
    const kind = kindOfPart(part, kinds)
    for (const [key, one] of Object.entries(value)) {
      if (isAnyId(one)) value[key] = idOf(key === 'id' ? kind : kindOfReference(value, key, name))
      else if (typeof one === 'string') value[key] = withIdsInText(one, kind, key)
      else if (Array.isArray(one) && one.every(isAnyId))
        value[key] = one.map((_id, index) => idOf(kindOfField(key, name) + (index ? index + 1 : '')))
    }
  }
}

/** Gives the examples of schemas themselves the ids that examples of bodies have. */
export function giveSchemaIds(schemas: Schemas, kinds: Map<string, string>): void {
  const visit = (schema: Schema, kind: string, name: string): void => {
    if (isObject(schema.example)) giveIds(schema.example, schema, schemas, kinds)
    for (const [key, part] of Object.entries(schema.properties ?? {})) {
      if (isAnyId(part.example)) part.example = idOf(key === 'id' ? kind : kindOfField(key, name))
      if (part.items && isAnyId(part.items.example)) part.items.example = idOf(kindOfField(key, name))
      visit(part, kindOfField(key), '')
    }
    const parts = [schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]
    for (const part of parts) if (part) visit(part, kind, name)
  }
  for (const [name, schema] of Object.entries(schemas))
    visit(schema, kinds.get(name) ?? camelCase(name), name)
}

/** Kind of object that a field names: the type beside it, or else what it is called. */
function kindOfReference(value: JsonObject, key: string, schemaName: string | undefined): string {
  const type = value[key.replace(/Id$/, 'Type')] ?? value[key.replace(/Id$/, 'Kind')]
  return !isOwnField(key, schemaName) &&
    key.endsWith('Id') &&
    typeof type === 'string' &&
    /^[a-z_]+$/.test(type)
    ? kindOfField(camelCase(type))
    : kindOfField(key, schemaName)
}

/** An id within a path or a reference is of the word before it: `/v1/avatars/…` of a client is their avatar. */
const withIdsInText = (text: string, kind: string, key: string): string =>
  text.replaceAll(anyId, (_id, at: number) => {
    const word = /([\w-]+)[/:]$/.exec(text.slice(0, at))?.[1]
    const named = word ? camelCase(singular(word)) : key
    if (named === kind || (!text.startsWith('/') && !text.startsWith('https:')))
      return idOf(kindOfField(named))
    return idOf(kind + named)
  })
