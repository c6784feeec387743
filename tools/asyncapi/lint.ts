import { ChannelClientFrame, ChannelServerFrame } from '../../src/areas/contact/chat/channel-frames.ts'
import { ClientFrame, ServerFrame } from '../../src/areas/contact/chat/frames.ts'

type Json = Record<string, unknown>

/** Lists, in sentences, what no reader of the document may stumble over. */
export function lint(document: Json): string[] {
  return [...brokenRefs(document, document), ...lintMessages(document), ...unusedMessages(document)]
}

function brokenRefs(node: unknown, document: Json, at = '#'): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => {
    if (key !== '$ref') return brokenRefs(value, document, `${at}/${key}`)
    return resolve(document, String(value)) === undefined ? [`${at}: ${value} leads nowhere`] : []
  })
}

function resolve(document: Json, ref: string): unknown {
  let found: unknown = document
  for (const part of ref.replace(/^#\//, '').split('/')) {
    found = (found as Json | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return found
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
