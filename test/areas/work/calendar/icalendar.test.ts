import { describe, expect, it } from 'vitest'
import { busyOf, feedOf } from '../../../../src/areas/work/calendar/icalendar.ts'

const question = { fromMs: Date.parse('2027-04-01'), untilMs: Date.parse('2027-06-01'), zone: 'Africa/Cairo' }

const calendarOf = (...parts: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...parts, 'END:VCALENDAR', ''].join('\r\n')

const event = (...lines: string[]): string =>
  [
    'BEGIN:VEVENT',
    `UID:${lines.join().length}@test`,
    'DTSTAMP:20270101T000000Z',
    ...lines,
    'END:VEVENT',
  ].join('\r\n')

const busy = (...parts: string[]): string[] =>
  busyOf(calendarOf(...parts), question).map(
    ({ startsAtMs, endsAtMs }) =>
      `${new Date(startsAtMs).toISOString().slice(0, 16)}/${new Date(endsAtMs).toISOString().slice(0, 16)}`,
  )

describe('busy times of a calendar', () => {
  it('are the times of its events, merged, by their zones', () => {
    expect(
      busy(
        event('DTSTART:20270410T080000Z', 'DTEND:20270410T090000Z', 'SUMMARY:Dentist'),
        event('DTSTART:20270410T083000Z', 'DURATION:PT2H'),
        event('DTSTART;TZID=Asia/Kathmandu:20270411T120000', 'DTEND;TZID=Asia/Kathmandu:20270411T130000'),
        // No zone, and a whole day: the tasker's.
        event('DTSTART:20270412T120000', 'DTEND:20270412T130000'),
        event('DTSTART;VALUE=DATE:20270510', 'DTEND;VALUE=DATE:20270511'),
      ),
    ).toEqual([
      '2027-04-10T08:00/2027-04-10T10:30',
      '2027-04-11T06:15/2027-04-11T07:15',
      '2027-04-12T10:00/2027-04-12T11:00',
      '2027-05-09T21:00/2027-05-10T21:00',
    ])
  })

  it('repeat in local time across a change of clocks, less exceptions and with changed occurrences', () => {
    const series = ['UID:weekly@test', 'DTSTAMP:20270101T000000Z']
    expect(
      busy(
        [
          'BEGIN:VEVENT',
          ...series,
          'DTSTART;TZID=Africa/Cairo:20270422T100000',
          'DTEND;TZID=Africa/Cairo:20270422T110000',
          'RRULE:FREQ=WEEKLY;COUNT=4',
          'EXDATE;TZID=Africa/Cairo:20270513T100000',
          'END:VEVENT',
        ].join('\r\n'),
        [
          'BEGIN:VEVENT',
          ...series,
          'RECURRENCE-ID;TZID=Africa/Cairo:20270506T100000',
          'DTSTART;TZID=Africa/Cairo:20270506T150000',
          'DTEND;TZID=Africa/Cairo:20270506T160000',
          'END:VEVENT',
        ].join('\r\n'),
      ),
    ).toEqual([
      '2027-04-22T08:00/2027-04-22T09:00',
      '2027-04-29T08:00/2027-04-29T09:00',
      // An hour earlier in UTC from 30 April on.
      '2027-05-06T12:00/2027-05-06T13:00',
    ])
  })

  it('come from a zone that only the file defines', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Our Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0400',
      'TZOFFSETTO:+0400',
      'END:STANDARD',
      'END:VTIMEZONE',
    ].join('\r\n')
    const at = event(
      'DTSTART;TZID=Our Standard Time:20270411T120000',
      'DTEND;TZID=Our Standard Time:20270411T130000',
    )
    expect(busy(zone, at)).toEqual(['2027-04-11T08:00/2027-04-11T09:00'])
  })

  it('are not those of what is canceled, free, or outside of the window', () => {
    const time = ['DTSTART:20270410T080000Z', 'DTEND:20270410T090000Z']
    expect(
      busy(
        event(...time, 'STATUS:CANCELLED'),
        event(...time, 'TRANSP:TRANSPARENT'),
        event(...time, 'X-MICROSOFT-CDO-BUSYSTATUS:FREE'),
        event('DTSTART:20260410T080000Z', 'DTEND:20260410T090000Z'),
        event('DTSTART:20280410T080000Z', 'DTEND:20280410T090000Z'),
      ),
    ).toEqual([])
  })

  it('come from free/busy lists as well', () => {
    const list = [
      'BEGIN:VFREEBUSY',
      'UID:1@test',
      'DTSTAMP:20270101T000000Z',
      'FREEBUSY;FBTYPE=BUSY:20270410T080000Z/PT1H',
      'FREEBUSY;FBTYPE=FREE:20270410T100000Z/PT1H',
      'END:VFREEBUSY',
    ].join('\r\n')
    expect(busy(list)).toEqual(['2027-04-10T08:00/2027-04-10T09:00'])
  })

  it('of a series without end stop with the window, and one that is too long to expand stops itself', () => {
    const endless = event('DTSTART:20270401T000000Z', 'DTEND:20270401T010000Z', 'RRULE:FREQ=DAILY')
    expect(busy(endless)).toHaveLength(61)
    const secondly = event('DTSTART:20000101T000000Z', 'DTEND:20000101T000001Z', 'RRULE:FREQ=SECONDLY')
    expect(busy(secondly)).toEqual([])
  })

  it('of what is no calendar are refused', () => {
    for (const text of ['', '<html></html>', 'BEGIN:VEVENT\r\nEND:VEVENT'])
      expect(() => busyOf(text, question)).toThrow()
  })
})

describe('a feed', () => {
  it('can be read back, with long and odd titles', () => {
    const title = `Booking: pipes, taps; and "more" \\ ${'سباكة '.repeat(20)}`
    const feed = feedOf('Khidma', [
      {
        id: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
        title,
        startsAt: '2027-04-10T08:00:00.000Z',
        endsAt: '2027-04-10T09:00:00.000Z',
        isTentative: true,
        changedAt: '2027-01-01T00:00:00.000Z',
        version: 3,
      },
    ])
    expect(busyOf(feed, question)).toEqual([
      { startsAtMs: Date.parse('2027-04-10T08:00Z'), endsAtMs: Date.parse('2027-04-10T09:00Z') },
    ])
    for (const line of feed.split('\r\n'))
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(76)
    for (const part of [
      'UID:019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40@khidma',
      'STATUS:TENTATIVE',
      'SEQUENCE:3',
      'DTSTART:20270410T080000Z',
    ])
      expect(feed).toContain(`${part}\r\n`)
  })
})
