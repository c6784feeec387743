import { ChannelClientFrame, ChannelServerFrame } from '../../src/areas/contact/chat/channel-frames.ts'
import { ClientFrame, ServerFrame } from '../../src/areas/contact/chat/frames.ts'

type Json = Record<string, unknown>

/** The parts of a schema that are judged. */
interface Part {
  $ref?: string
  type?: string | string[]
  title?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Part>
  items?: Part
  allOf?: Part[]
  anyOf?: Part[]
  oneOf?: Part[]
}

interface Channel {
  bindings: { ws: { headers: Part } }
}

/** Rules of this house; the AsyncAPI parser knows the general ones (tools/contract). */
export function lint(document: Json): string[] {
  return [...lintMessages(document), ...unusedMessages(document), ...lintSchemas(document)]
}

/** Examples are replayed by tests and copied by people: each must pass the schema that the object applies. */
function lintMessages({ components }: Json): string[] {
  const messages = (components as { messages: Record<string, { examples: { payload: Json }[] }> }).messages
  const readers = [ClientFrame, ServerFrame, ChannelClientFrame, ChannelServerFrame]
  return Object.entries(messages).flatMap(([name, { examples }]) =>
    examples
      .filter(({ payload }) => !readers.some((schema) => schema.safeParse(payload).success))
      .map(({ payload }) => `${name}: its example is not valid: ${JSON.stringify(payload)}`),
  )
}

function unusedMessages({ channels, operations }: Json): string[] {
  const used = JSON.stringify(operations)
  return Object.entries(channels as Record<string, { messages: Json }>).flatMap(([channel, { messages }]) =>
    Object.keys(messages)
      .filter((message) => !used.includes(`"#/channels/${channel}/messages/${message}"`))
      .map((message) => `${channel}: ${message} is part of no operation`),
  )
}

/** Every property says what it is, itself or by the schema that it refers to; every inner object and enum has a title, as code is generated from it. */
function lintSchemas({ components, channels }: Json): string[] {
  const { schemas } = components as { schemas: Record<string, Part> }
  const isDescribed = ({ description, $ref = '' }: Part): boolean =>
    (description ?? schemas[$ref.slice($ref.lastIndexOf('/') + 1)]?.description) !== undefined
  const findings: string[] = []
  const visit = (part: Part, place: string): void => {
    const isType = part.type === 'object' || part.enum !== undefined || part.const !== undefined
    if (isType && part.title === undefined && place.includes('/')) findings.push(`${place} needs a title`)
    for (const [name, inner] of Object.entries(part.properties ?? {})) {
      if (!isDescribed(inner)) findings.push(`${place}/${name} needs a description`)
      if (/^(code|status|state|change)$/.test(name) && !inner.enum && !inner.$ref)
        findings.push(`${place}/${name} needs the list of its values`)
      visit(inner, `${place}/${name}`)
    }
    for (const inner of [part.items, ...(part.allOf ?? []), ...(part.anyOf ?? []), ...(part.oneOf ?? [])])
      if (inner) visit(inner, `${place}/*`)
  }
  for (const [name, schema] of Object.entries(schemas)) visit(schema, name)
  for (const [name, { bindings }] of Object.entries(channels as Record<string, Channel>))
    visit(bindings.ws.headers, `${name}/headers`)
  return findings
}
