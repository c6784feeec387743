import { nameOfRef, type Schema } from '../openapi/json.ts'
import { type Breaking, bare, compareSchemas, usesIn } from './diff.ts'

interface Ref {
  $ref: string
}

/** The parts of the AsyncAPI document that programs depend on. */
export interface Sockets {
  channels: Record<
    string,
    { address: string; messages: Record<string, Ref>; 'x-close-codes'?: Record<string, unknown> }
  >
  operations: Record<
    string,
    { action: 'send' | 'receive'; channel: Ref; messages?: Ref[]; reply?: { messages?: Ref[] } }
  >
  components: { messages: Record<string, { payload: Ref }>; schemas: Record<string, Schema> }
}

/** Returns what the comparison reads of the document of the sockets: all but its words. */
export const socketsOf = ({ channels, operations, components }: Sockets): Sockets =>
  bare({
    channels,
    operations,
    components: { messages: components.messages, schemas: components.schemas },
  }) as Sockets

/** Compares two documents of the sockets: new frames and fields of pushes may come; what there is stays. */
export function breakingSockets(before: Sockets, after: Sockets): Breaking[] {
  const findings: Breaking[] = []
  const reporting = (subject: string) => (change: string) => findings.push({ subject, change })
  for (const [name, channel] of Object.entries(before.channels)) {
    const report = reporting(`socket ${name}`)
    const same = after.channels[name]
    if (!same) report('is gone')
    else {
      if (same.address !== channel.address) report(`is at ${same.address}`)
      for (const message of missing(channel.messages, same.messages)) report(`has no ${message} any more`)
      for (const code of missing(channel['x-close-codes'] ?? {}, same['x-close-codes'] ?? {}))
        report(`is not closed by ${code} any more`)
    }
  }
  for (const [name, operation] of Object.entries(before.operations)) {
    const report = reporting(name)
    const same = after.operations[name]
    if (!same) report('is gone')
    else {
      if (same.action !== operation.action) report('goes the other way')
      for (const message of lost(operation.messages, same.messages)) report(`has no ${message} any more`)
      for (const message of lost(operation.reply?.messages, same.reply?.messages))
        report(`is not answered by ${message} any more`)
    }
  }
  for (const [name, { payload }] of Object.entries(before.components.messages)) {
    const same = after.components.messages[name]?.payload
    if (same && same.$ref !== payload.$ref)
      reporting(`frame ${name}`)(`is ${nameOfRef(same.$ref)} instead of ${nameOfRef(payload.$ref)}`)
  }
  const uses = socketUses(before)
  for (const [name, schema] of Object.entries(before.components.schemas)) {
    const report = reporting(`frame ${name}`)
    const same = after.components.schemas[name]
    if (same) compareSchemas(schema, same, uses.get(name) ?? { isSent: true, isReceived: true }, '', report)
    else report('the schema is gone or renamed')
  }
  return findings
}

const missing = (before: object, after: object): string[] =>
  Object.keys(before).filter((name) => !(name in after))

const lost = (before: Ref[] = [], after: Ref[] = []): string[] =>
  before
    .map(({ $ref }) => nameOfRef($ref))
    .filter((name) => !after.some(({ $ref }) => nameOfRef($ref) === name))

/** Says of each frame whether callers send it (the server receives it), receive it, or both. */
function socketUses({ operations, components }: Sockets) {
  const { uses, mark } = usesIn(components.schemas)
  const payloads = (refs: Ref[] = []) => refs.map(({ $ref }) => components.messages[nameOfRef($ref)])
  for (const { action, messages, reply } of Object.values(operations)) {
    mark(payloads(messages), action === 'receive' ? 'isSent' : 'isReceived')
    mark(payloads(reply?.messages), 'isReceived')
  }
  return uses
}
