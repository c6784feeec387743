import type { Audience, NotificationText } from '../../../core/area.ts'
import type { Locale } from '../../../core/context.ts'
import type { EventRow } from '../../../core/events.ts'
import { formatMessage, formatTime, type MessageValues } from '../../../core/i18n.ts'
import { entriesOf } from '../../index.ts'

const audiences = [
  'client',
  'tasker',
  'reviewer',
  'reviewee',
  'user',
  'proposer',
  'counterparty',
  'company',
] as const satisfies readonly Audience[]

const events = entriesOf('events')
const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

export interface Recipient {
  userId: string
  /** BCP 47. */
  locale: string
  /** IANA. */
  timezone: string
}

export interface PlannedNotification extends NotificationText {
  userId: string
}

export const localeOf = (tag: string): Locale => (tag.toLowerCase().startsWith('ar') ? 'ar' : 'en')

/** Plans the notifications of an event, each in its recipient's own language, with times in their own zone. */
export async function notificationsFor(
  event: EventRow,
  recipients: Recipient[],
): Promise<PlannedNotification[]> {
  const { notifies: template, notifiesMembers } = events[event.type] ?? {}
  if (!template) return []
  // Lists are for programs: no text names one.
  const values = event.data as MessageValues
  const plan = async (
    { userId, locale: tag, timezone }: Recipient,
    texts: Record<Locale, NotificationText>,
  ): Promise<PlannedNotification> => {
    const locale = localeOf(tag)
    const { title, body } = texts[locale]
    const readable = Object.entries(values).map(([name, value]) => {
      const isTime = typeof value === 'string' && instant.test(value)
      return [name, isTime ? formatTime(value, locale, timezone) : value] as const
    })
    const text = (part: string) => formatMessage(part, locale, Object.fromEntries(readable))
    return { userId, title: await text(title), body: await text(body) }
  }
  const planned = audiences.map(async (audience) => {
    const texts = template[audience]
    const recipient = recipients.find(({ userId }) => userId === values[`${audience}Id`])
    return !texts || !recipient || values.party === audience ? null : plan(recipient, texts)
  })
  const { company } = template
  const named = new Set(audiences.map((audience) => values[`${audience}Id`]))
  const members =
    notifiesMembers && company && values.party !== 'manager'
      ? recipients.filter(({ userId }) => !named.has(userId)).map((member) => plan(member, company))
      : []
  return (await Promise.all([...planned, ...members])).filter((note) => note !== null)
}
