import type { Audience, NotificationText } from '../../../core/area.ts'
import type { Locale } from '../../../core/context.ts'
import type { EventRow } from '../../../core/events.ts'
import { formatMessage, type MessageValues } from '../../../core/i18n.ts'
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

export interface Recipient {
  userId: string
  /** BCP 47. */
  locale: string
}

export interface PlannedNotification extends NotificationText {
  userId: string
}

export const localeOf = (tag: string): Locale => (tag.toLowerCase().startsWith('ar') ? 'ar' : 'en')

/** Plans the notifications of an event, each in its recipient's own language. */
export async function notificationsFor(
  event: EventRow,
  recipients: Recipient[],
): Promise<PlannedNotification[]> {
  const template = events[event.type]?.notifies
  if (!template) return []
  // Lists are for programs: no text names one.
  const values = event.data as MessageValues
  const planned = audiences.map(async (audience) => {
    const texts = template[audience]
    const userId = values[`${audience}Id`]
    const recipient = recipients.find((candidate) => candidate.userId === userId)
    if (!texts || !recipient || values.party === audience) return null
    const locale = localeOf(recipient.locale)
    const { title, body } = texts[locale]
    const text = (part: string) => formatMessage(part, locale, values)
    return { userId: recipient.userId, title: await text(title), body: await text(body) }
  })
  return (await Promise.all(planned)).filter((note) => note !== null)
}
