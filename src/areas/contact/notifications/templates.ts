import type { Locale } from '../../../core/context.ts'
import type { EventRow, EventTypeName } from '../../../core/events.ts'
import { formatMessage, type MessageValues } from '../../../core/i18n.ts'
import { accountTexts } from './account-texts.ts'
import { workTexts } from './work-texts.ts'

/** To whom an event is news: never to the person who made it happen. The event's data names each as `<audience>Id`. */
const audiences = ['client', 'tasker', 'reviewee', 'user'] as const
type Audience = (typeof audiences)[number]

interface Text {
  title: string
  body: string
}

type Template = Partial<Record<Audience, Record<Locale, Text>>>
export type Templates = Partial<Record<EventTypeName, Template>>

/**
 * What people are told, in the languages that ship: ICU MessageFormat with the values of the event's data. An event without
 * a template is told to nobody.
 */
export const templates: Templates = { ...workTexts, ...accountTexts }

export interface Recipient {
  userId: string
  /** BCP 47. */
  locale: string
}

export interface PlannedNotification extends Text {
  userId: string
}

export const localeOf = (tag: string): Locale => (tag.toLowerCase().startsWith('ar') ? 'ar' : 'en')

/** Who is told of an event, in their own language. */
export async function notificationsFor(
  event: EventRow,
  recipients: Recipient[],
): Promise<PlannedNotification[]> {
  const template = templates[event.type as EventTypeName]
  if (!template) return []
  const planned = audiences.map(async (audience) => {
    const texts = template[audience]
    const userId = event.data[`${audience}Id`]
    const recipient = recipients.find((candidate) => candidate.userId === userId)
    if (!texts || !recipient || event.data.party === audience) return null
    const locale = localeOf(recipient.locale)
    const { title, body } = texts[locale]
    const values = event.data as MessageValues
    const text = (part: string) => formatMessage(part, locale, values)
    return { userId: recipient.userId, title: await text(title), body: await text(body) }
  })
  return (await Promise.all(planned)).filter((note) => note !== null)
}
