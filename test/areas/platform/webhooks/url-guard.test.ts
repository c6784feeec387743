import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf, storedUrl, urlRulesOf } from '../../../../src/areas/platform/webhooks/url-guard.ts'

const rules = urlRulesOf({ ENVIRONMENT: 'production', API_ORIGIN: 'https://api.khidma.dev' })
const inProduction = (url: string) => refusalOf(url, rules)

describe('a webhook URL', () => {
  it.each([
    'https://hooks.partner.com/khidma',
    'https://partner.com',
    'https://a.b-c.partner.co.uk/x?y=z',
    'https://xn--mgbh0fb.xn--kgbechtv.com/',
    'https://partner.com:443/x',
  ])('%s is accepted', (url) => {
    expect(inProduction(url)).toBeNull()
  })

  it.each([
    'http://partner.com',
    'https://partner.com:8443',
    'https://user:pass@partner.com',
    'https://user@partner.com',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://127.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1',
    'https://8.8.8.8',
    'https://localhost',
    'https://LOCALHOST',
    'https://api.localhost',
    'https://printer.local',
    'https://db.internal',
    'https://metadata',
    'https://partner.com.',
    'https://partner.com#x',
    'https://１２７.0.0.1',
    'ftp://partner.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//partner.com',
    'partner.com',
    '',
    'https://',
    `https://partner.com/${'x'.repeat(2_000)}`,
  ])('%s is refused', (url) => {
    expect(inProduction(url)).not.toBeNull()
  })

  it('is refused for an IP address in any spelling', () => {
    const spelling = fc.oneof(
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6().map((ip) => `[${ip}]`),
      fc.nat(0xffffffff).map(String),
      fc.nat(0xffffffff).map((n) => `0x${n.toString(16)}`),
    )
    fc.assert(
      fc.property(spelling, fc.constantFrom('', ':443', '/x', '?a=b'), (host, rest) => {
        expect(inProduction(`https://${host}${rest}`)).not.toBeNull()
      }),
    )
  })

  it('is refused for a private name in any spelling', () => {
    const host = fc.constantFrom(
      'localhost',
      'api.localhost',
      'db.internal',
      'printer.local',
      'metadata',
      '127.0.0.1',
      '127.1',
      '0x7f.1',
      '[::1]',
      '169.254.169.254',
    )
    const mixedCase = (text: string) =>
      text.replace(/[a-z]/g, (letter, at) => (at % 2 ? letter.toUpperCase() : letter))
    const fullWidth = (text: string) =>
      text.replace(/[0-9a-z]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0))
    const dressed = fc.constantFrom<(text: string) => string>(
      (text) => text,
      mixedCase,
      fullWidth,
      (text) => text.replaceAll('.', '\u3002'),
      (text) => `${text}.`,
      (text) => `${text[0]}\t${text.slice(1)}`,
      (text) => `\n${text}`,
      (text) => [...text].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join(''),
      (text) => `partner.com@${text}`,
      (text) => `partner.com:443@${text}`,
      (text) => `${text}\\.partner.com`,
      (text) => `${text}#.partner.com`,
      (text) => `${text}?.partner.com`,
      (text) => `${text}/.partner.com`,
    )
    const scheme = fc.constantFrom('https://', 'HTTPS://', 'https:', 'https:/', 'https:\\\\', ' https://')
    fc.assert(
      fc.property(scheme, host, dressed, (start, name, dress) => {
        expect(inProduction(`${start}${dress(name)}`)).not.toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  it('that is accepted always leads to a public name over https on port 443', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'https://',
        '//',
        '@',
        ':',
        ':443',
        ':8443',
        '.',
        '/',
        '\\',
        '#',
        '?',
        '[',
        ']',
        '%2e',
        '\t',
      ),
      fc.constantFrom('partner.com', 'localhost', '127.0.0.1', 'a.internal', 'user', '0x7f', '１', 'ⓔ'),
      fc.string({ maxLength: 4 }),
    )
    const url = fc.array(part, { maxLength: 6 }).map((parts) => `https://${parts.join('')}`)
    let accepted = 0
    fc.assert(
      fc.property(url, (text) => {
        if (inProduction(text) !== null) return
        accepted += 1
        const { protocol, hostname, port, username, password } = new URL(text)
        expect({ protocol, port, username, password }).toEqual({
          protocol: 'https:',
          port: '',
          username: '',
          password: '',
        })
        expect(hostname).toMatch(/^(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*[a-z0-9]$/)
        expect(hostname).not.toMatch(/(?:^|\.)(?:localhost|local|internal)$/)
      }),
      { numRuns: 5_000 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  it('may point to localhost in development only', () => {
    const inDevelopment = (url: string) =>
      refusalOf(url, urlRulesOf({ ENVIRONMENT: 'development', API_ORIGIN: 'http://127.0.0.1:8787' }))
    for (const url of ['http://127.0.0.1:9000/hook', 'http://localhost:9000/hook']) {
      expect(inDevelopment(url)).toBeNull()
      expect(inProduction(url)).not.toBeNull()
    }
    for (const url of [
      'http://10.0.0.1:9000',
      'http://127.0.0.1.evil.com',
      'http://user@localhost',
      'http://127.0.0.1:8787/v1/webhooks',
    ]) {
      expect(inDevelopment(url)).not.toBeNull()
    }
  })

  it.each([
    'https://api.khidma.dev/v1/webhooks',
    'https://API.Khidma.dev',
    'https:api.khidma.dev',
    'https://api.khidma.dev:443/x',
    'https://api.khidma.dev./x',
    'https://eu.api.khidma.dev/',
    'https://khidma.team.workers.dev/',
    'https://next.khidma.team.workers.dev/',
  ])('%s is refused where we are it', (url) => {
    const ours = urlRulesOf({
      ENVIRONMENT: 'production',
      API_ORIGIN: 'https://api.khidma.dev',
      OWN_HOSTS: ' Khidma.team.workers.dev, ',
    })
    expect(refusalOf(url, ours)).not.toBeNull()
    for (const other of [
      'https://khidma.dev/',
      'https://myapi.khidma.dev/',
      'https://other.team.workers.dev/',
    ])
      expect(refusalOf(other, ours)).toBeNull()
  })

  it('that is accepted is stored as it is understood, and accepted again', () => {
    const start = fc.constantFrom(
      'https://',
      'https:',
      'https:/',
      'https:\\\\',
      'HTTPS:\\',
      ' https://',
      'ht\ttps://',
    )
    const host = fc.constantFrom(
      'partner.com',
      'PARTNER.com',
      'par\ntner.com',
      'p\u00e4rtner.com',
      '@partner.com',
    )
    const rest = fc.constantFrom(
      '',
      '/',
      '/evil.com',
      '\\evil.com',
      '?a=//evil.com',
      '/\u00e9',
      '/../evil.com',
    )
    let accepted = 0
    fc.assert(
      fc.property(start, host, rest, (...parts) => {
        const url = parts.join('')
        if (inProduction(url) !== null) return
        accepted += 1
        const stored = storedUrl(url)
        expect(stored.startsWith(`https://${new URL(url).host}/`)).toBe(true)
        expect([storedUrl(stored), inProduction(stored)]).toEqual([stored, null])
      }),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(500)
    expect(inProduction(`https://partner.com/${'\u00e9'.repeat(400)}`)).not.toBeNull()
  })
})

it('the Worker reaches hosts of its own zone through their front door', () => {
  expect(Cloudflare.compatibilityFlags.global_fetch_strictly_public).toBe(true)
})
