import { describe, expect, it } from 'vitest'
import { moderate } from '../../src/core/moderation.ts'

const unconfirmed = (text: string) => moderate(text, { mayExchangeContacts: false })
const confirmed = (text: string) => moderate(text, { mayExchangeContacts: true })

describe('moderation', () => {
  it.each([
    '01001234567',
    '0100 123 4567',
    '+20 100-123-4567',
    '(0100) 1234567',
    '٠١٠٠١٢٣٤٥٦٧',
    '۰۱۰۰ ۱۲۳ ۴۵۶۷',
    '０１００１２３４５６７',
    '0020 100 1234567',
    'call 0.1.0.0.1.2.3.4.5.6.7',
    '0‎1‎0‎0‎1‎2‎3‎4‎5‎6‎7',
  ])('finds a number in %s before the booking is confirmed', (text) => {
    expect([unconfirmed(text), confirmed(text)]).toEqual(['reject', 'allow'])
  })

  it.each([
    'https://x.example',
    'HTTP://X',
    'www.khidma.xyz',
    'wa.me/20100',
    'ali@example.com',
    'see facebook.com',
  ])('finds a link in %s before the booking is confirmed', (text) => {
    expect([unconfirmed(text), confirmed(text)]).toEqual(['reject', 'allow'])
  })

  it.each([
    'I come at 10:30, for 200 to 250 EGP',
    'On 2026-11-21 from 08:30 to 10:30',
    '21/11/2026 10:30',
    'Flat 12, floor 3, building 145',
    'It leaks 3.5 litres an hour.Then it stops',
    'العنوان ١٢ شارع طلعت حرب',
    'the grape escape',
  ])('lets through %s', (text) => {
    expect([unconfirmed(text), confirmed(text)]).toEqual(['allow', 'allow'])
  })

  it.each(['I will KILL you', 'هَقْتُلك', 'هـقـتـلك'])('refuses %s at any time', (text) => {
    expect([unconfirmed(text), confirmed(text)]).toEqual(['reject', 'reject'])
  })

  it.each(['My WhatsApp is on', 'ادفع فودافون كاش', 'pay by InstaPay'])('marks %s', (text) => {
    expect([unconfirmed(text), confirmed(text)]).toEqual(['flag', 'flag'])
  })

  it('takes no longer for hostile text', () => {
    const took = () => {
      const startedAt = performance.now()
      for (const piece of ['0 ', 'a.', '+', '1-', 'www', '@', '0.0-'])
        unconfirmed(piece.repeat(2_000).slice(0, 4_000))
      return performance.now() - startedAt
    }
    // Milliseconds as a rule; a bad pattern takes minutes. The best of five: others on the machine slow some of them.
    expect(Math.min(...Array.from({ length: 5 }, took))).toBeLessThan(1_000)
  })
})
