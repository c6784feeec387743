import ICAL from 'ical.js'
import { instantIn, isZone, type WallTime } from './wall-time.ts'

/** iCalendar (RFC 5545) in and out. Loaded lazily: only feeds and the job that fetches calendars pay for the parser. */

export interface Busy {
  startsAtMs: number
  endsAtMs: number
}

export interface BusyQuestion {
  fromMs: number
  untilMs: number
  /** IANA: of whole days, and of times that name no zone. */
  zone: string
}

/** A calendar elsewhere is free to be odd, not to keep us busy. */
const limits = { occurrencesOfEvent: 10_000, occurrences: 20_000, busy: 2_000 }

class Odd extends Error {}

/**
 * Busy times of a calendar in a window, merged and in order. Titles, places and people are not looked at. What is canceled or marked as
 * free takes up no time. Throws where the text is no calendar.
 */
export function busyOf(text: string, question: BusyQuestion): Busy[] {
  const calendar = new ICAL.Component(ICAL.parse(text))
  if (calendar.name !== 'vcalendar') throw new Odd('no calendar')
  const found = [...eventsOf(calendar, question), ...freeBusyOf(calendar, question)]
  return merged(
    found.filter(({ startsAtMs, endsAtMs }) => startsAtMs < question.untilMs && endsAtMs > question.fromMs),
  )
}

function* eventsOf(calendar: ICAL.Component, question: BusyQuestion): Generator<Busy> {
  const budget = { left: limits.occurrences }
  const events = calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component))
  const moved = Map.groupBy(
    events.filter((event) => event.isRecurrenceException()),
    ({ uid }) => uid,
  )
  for (const event of events) {
    if (event.isRecurrenceException()) continue
    for (const exception of moved.get(event.uid) ?? []) event.relateException(exception)
    moved.delete(event.uid)
    yield* occurrencesOf(event, question, budget)
  }
  // Changed occurrences of a series that the file does not contain.
  for (const event of [...moved.values()].flat()) yield* single(event, question)
}

function* single(event: ICAL.Event, { zone }: BusyQuestion): Generator<Busy> {
  if (takesTime(event.component)) yield busyBetween(event, event.startDate, event.endDate, zone)
}

function* occurrencesOf(
  event: ICAL.Event,
  question: BusyQuestion,
  budget: { left: number },
): Generator<Busy> {
  if (!event.isRecurring()) return yield* single(event, question)
  const occurrences = event.iterator()
  for (let n = 0; n < limits.occurrencesOfEvent && budget.left > 0; n += 1) {
    const next = occurrences.next()
    if (!next) return
    budget.left -= 1
    const { item, startDate, endDate } = event.getOccurrenceDetails(next)
    if (instantOf(next, zoneNameOf(event.component, 'dtstart'), question.zone) > question.untilMs) return
    if (takesTime(item.component)) yield busyBetween(item, startDate, endDate, question.zone)
  }
}

function busyBetween({ component }: ICAL.Event, start: ICAL.Time, end: ICAL.Time, zone: string): Busy {
  const startZone = zoneNameOf(component, 'dtstart')
  const endZone = zoneNameOf(component, 'dtend') ?? startZone
  return { startsAtMs: instantOf(start, startZone, zone), endsAtMs: instantOf(end, endZone, zone) }
}

const zoneNameOf = (component: ICAL.Component, property: 'dtstart' | 'dtend'): string | null => {
  const name = component.getFirstProperty(property)?.getParameter('tzid')
  return typeof name === 'string' ? name : null
}

const propertyOf = (component: ICAL.Component, name: string): string =>
  String(component.getFirstPropertyValue(name) ?? '').toUpperCase()

const takesTime = (component: ICAL.Component): boolean =>
  propertyOf(component, 'status') !== 'CANCELLED' &&
  propertyOf(component, 'transp') !== 'TRANSPARENT' &&
  propertyOf(component, 'x-microsoft-cdo-busystatus') !== 'FREE'

function* freeBusyOf(calendar: ICAL.Component, { zone }: BusyQuestion): Generator<Busy> {
  for (const component of calendar.getAllSubcomponents('vfreebusy')) {
    for (const property of component.getAllProperties('freebusy')) {
      if (String(property.getParameter('fbtype') ?? 'BUSY').toUpperCase() === 'FREE') continue
      for (const period of property.getValues() as ICAL.Period[]) {
        yield {
          startsAtMs: instantOf(period.start, null, zone),
          endsAtMs: instantOf(period.getEnd(), null, zone),
        }
      }
    }
  }
}

/**
 * The instant of a time. A zone by its IANA name is ours; another one (Exchange has names of its own) is as the file defines it, and one
 * that it does not define is the tasker's, as is that of whole days.
 */
function instantOf(time: ICAL.Time, zoneName: string | null, zone: string): number {
  if (time.zone === ICAL.Timezone.utcTimezone) return time.toUnixTime() * 1_000
  if (zoneName !== null && isZone(zoneName)) return instantIn(zoneName, wallOf(time))
  if (time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1_000
  return instantIn(zone, wallOf(time))
}

const wallOf = ({ year, month, day, hour, minute, second }: ICAL.Time): WallTime => ({
  year,
  month,
  day,
  hour,
  minute,
  second,
})

function merged(found: Busy[]): Busy[] {
  const whole: Busy[] = []
  for (const next of found.toSorted((a, b) => a.startsAtMs - b.startsAtMs)) {
    if (next.endsAtMs <= next.startsAtMs) continue
    const last = whole.at(-1)
    if (last && next.startsAtMs <= last.endsAtMs) last.endsAtMs = Math.max(last.endsAtMs, next.endsAtMs)
    else whole.push({ ...next })
  }
  if (whole.length > limits.busy) throw new Odd('too many busy times')
  return whole
}

export interface FeedEvent {
  id: string
  title: string
  startsAt: string
  endsAt: string
  /** Not agreed yet. */
  isTentative: boolean
  changedAt: string
  version: number
}

/** A calendar that other programs can subscribe to; lines are folded and texts escaped by the library. */
export function feedOf(name: string, events: readonly FeedEvent[]): string {
  const calendar = new ICAL.Component('vcalendar')
  calendar.updatePropertyWithValue('prodid', '-//Khidma//Calendar//EN')
  calendar.updatePropertyWithValue('version', '2.0')
  calendar.updatePropertyWithValue('method', 'PUBLISH')
  calendar.updatePropertyWithValue('x-wr-calname', name)
  calendar.addProperty(new ICAL.Property(['refresh-interval', {}, 'duration', 'PT1H']))
  for (const event of events) calendar.addSubcomponent(componentOf(event))
  return `${calendar.toString()}\r\n`
}

function componentOf({
  id,
  title,
  startsAt,
  endsAt,
  isTentative,
  changedAt,
  version,
}: FeedEvent): ICAL.Component {
  const component = new ICAL.Component('vevent')
  component.updatePropertyWithValue('uid', `${id}@khidma`)
  component.updatePropertyWithValue('dtstamp', utc(changedAt))
  component.updatePropertyWithValue('last-modified', utc(changedAt))
  component.updatePropertyWithValue('sequence', version)
  component.updatePropertyWithValue('dtstart', utc(startsAt))
  component.updatePropertyWithValue('dtend', utc(endsAt))
  component.updatePropertyWithValue('summary', title)
  component.updatePropertyWithValue('status', isTentative ? 'TENTATIVE' : 'CONFIRMED')
  return component
}

const utc = (time: string): ICAL.Time => ICAL.Time.fromJSDate(new Date(time), true)
