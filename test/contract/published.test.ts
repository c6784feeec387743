import { describe, expect, it } from 'vitest'
import { app } from '../../src/app.ts'
import { env } from '../support/api.ts'
import { all, document } from './call.ts'

async function published(path: string): Promise<{ type: string; text: string }> {
  const response = await app.fetch(new Request(`https://api.test${path}`), env)
  expect(response.status, path).toBe(200)
  return { type: response.headers.get('content-type') ?? '', text: await response.text() }
}

describe('what is published beside the reference', () => {
  it.each([
    ['/changelog.md', 'text/markdown', '# Changelog'],
    ['/compatibility.md', 'text/markdown', '# Compatibility'],
    ['/webhooks.md', 'text/markdown', '# Webhooks'],
    ['/license.txt', 'text/plain', 'Khidma'],
    ['/llms.txt', 'text/plain', '# Khidma'],
    ['/favicon.ico', 'image/svg+xml', '<svg'],
    ['/favicon.svg', 'image/svg+xml', '<svg'],
    ['/payments/return?redirect_status=succeeded', 'text/html', '<!doctype html>'],
  ])('serves %s', async (path, expectedType, start) => {
    const { type, text } = await published(path)
    expect(type).toContain(expectedType)
    expect(text.startsWith(start)).toBe(true)
  })

  it('links from the index to a page of each tag, with every operation of it', async () => {
    const { text } = await published('/llms.txt')
    const links = [...text.matchAll(/\]\((\/[^)]+)\)/g)].map(([, path]) => path as string)
    const pages = await Promise.all(links.filter((path) => path !== '/problems').map(published))
    const whole = pages.map((page) => page.text).join('\n')
    for (const { operationId, method, path } of all) {
      expect(whole).toContain(`## ${method.toUpperCase()} ${path}\n\n\`${operationId}\``)
    }
    for (const type of Object.keys(document.webhooks)) expect(whole).toContain(`\`${type}\``)
  })

  it('says where to report a hole, for half a year', async () => {
    const { type, text } = await published('/.well-known/security.txt')
    expect(type).toContain('text/plain')
    const fields = Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => line.split(/: (.*)/)),
    )
    expect(fields.Contact).toMatch(/^mailto:.+@/)
    expect(fields.Canonical).toBe(`${env.API_ORIGIN}/.well-known/security.txt`)
    const days = (Date.parse(fields.Expires ?? '') - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(150)
    expect(days).toBeLessThan(365)
  })
})

describe('the edition in 3.0.3', () => {
  it('has every operation, and nothing that 3.0 does not know', async () => {
    const { text } = await published('/openapi-3.0.json')
    const edition = JSON.parse(text)
    expect(edition.openapi).toBe('3.0.3')
    expect(edition.webhooks).toBeUndefined()
    const ids = Object.values(edition.paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((item) => Object.values(item))
      .map(({ operationId }) => operationId)
    expect(ids.sort()).toEqual(all.map(({ operationId }) => operationId).sort())
    expect(text).not.toMatch(/"type": \[|"type": "null"|"const":|"prefixItems":/)
  })

  it('keeps what may be null', async () => {
    const { schemas } = JSON.parse((await published('/openapi-3.0.json')).text).components
    expect(schemas.User.properties.email).toMatchObject({ type: 'string', nullable: true })
    expect(schemas.Booking.properties.payment).toMatchObject({ nullable: true, allOf: [{}] })
  })
})
