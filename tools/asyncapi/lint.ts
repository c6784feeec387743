import { ChannelClientFrame, ChannelServerFrame } from '../../src/areas/contact/chat/channel-frames.ts'
import { ClientFrame, ServerFrame } from '../../src/areas/contact/chat/frames.ts'

type Json = Record<string, unknown>

/** Rules of this house; the AsyncAPI parser knows the general ones (tools/contract). */
export function lint(document: Json): string[] {
  return [...lintMessages(document), ...unusedMessages(document)]
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
