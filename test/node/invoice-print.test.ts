import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InvoiceRow } from '../../src/areas/commerce/invoices/invoices.ts'
import { pageTexts } from '../../src/areas/commerce/invoices/page-texts.ts'
import { invoicePage } from '../../src/areas/commerce/invoices/pages.ts'
import { type InvoiceLanguage, invoiceLanguages } from '../../src/db/schema/commerce/invoices.ts'
import { pagesOfPdf } from '../support/pdf-text.ts'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const quiet = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

const party = { name: 'Nile Fittings', taxId: '100-200-300', address: '1 Tahrir Square', country: 'EG' }

/** An invoice of so many lines of 11.40, of which 1.40 is tax. */
function anInvoice(language: InvoiceLanguage, count: number): InvoiceRow {
  const lines = Array.from({ length: count }, (_, n) => ({
    line: n + 1,
    kind: 'package',
    description: `Package ${n + 1}`,
    quantity: 1,
    unitPrice: 1_140,
    discount: 0,
    tax: 140,
    total: 1_140,
  }))
  return {
    kind: 'invoice',
    label: 'EG-S-2026-000123',
    status: 'paid',
    isOverdue: false,
    seller: { ...party, name: 'Khidma Egypt' },
    buyer: party,
    supplier: null,
    language,
    currency: 'EGP',
    subtotal: count * 1_140,
    discount: 0,
    tax: count * 140,
    total: count * 1_140,
    creditedAmount: 0,
    reason: null,
    issuedAt: '2026-11-30T00:30:00.000Z',
    dueAt: null,
    paidAt: '2026-11-30T00:30:00.000Z',
    lines,
    taxes: [
      {
        name: 'VAT',
        component: 'VAT',
        rateBasisPoints: 1_400,
        base: count * 1_000,
        amount: count * 140,
        isIncluded: true,
      },
    ],
  } as unknown as InvoiceRow
}

/** Whether the machine has a font for a language; without one a browser draws boxes, here as on any reader's machine. */
function hasFont(language: string): boolean {
  try {
    return execFileSync('fc-list', [`:lang=${language}`]).length > 0
  } catch {
    return false
  }
}

/** Characters alone, without what is between them: Arabic comes in the order in which it is drawn. */
const charactersOf = (text: string): string =>
  [...text.normalize('NFKC').matchAll(/[\p{L}\p{N}]/gu)].map(([character]) => character).join('')
const turned = (text: string): string => [...text].reverse().join('')

describe.skipIf(!existsSync(executablePath))('an invoice that a browser prints', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: quiet })
  }, 60_000)
  afterAll(() => browser?.close())

  async function printed(row: InvoiceRow): Promise<{ pages: string[]; right: boolean; wide: number }> {
    const page = await browser.newPage()
    await page.setContent(invoicePage(row))
    await page.emulateMedia({ media: 'print' })
    const { right, wide } = await page.evaluate<{ right: boolean; wide: number }>(`(() => {
      const heads = [...document.querySelectorAll('thead th')].map((head) => head.getBoundingClientRect().left)
      return { right: heads[0] > heads[1], wide: document.documentElement.scrollWidth - window.innerWidth }
    })()`)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    await page.close()
    return { pages: pagesOfPdf(pdf), right, wide }
  }
  const shows = (pages: string, word: string): boolean => {
    const [all, wanted] = [charactersOf(pages), charactersOf(word)]
    return all.includes(wanted) || all.includes(turned(wanted))
  }

  it.each(invoiceLanguages)(
    'is one page where it is small: %s',
    async (language) => {
      const { pages, right, wide } = await printed(anInvoice(language, 3))
      expect(pages).toHaveLength(1)
      expect(right).toBe(language === 'ar')
      expect(wide).toBeLessThanOrEqual(0)
      const [text = ''] = pages
      for (const part of [
        'EG-S-2026-000123',
        'Khidma Egypt',
        'Nile Fittings',
        '100-200-300',
        'Package 3',
        '34.20',
        '4.20',
      ])
        expect(shows(text, part), part).toBe(true)
      const texts = pageTexts[language]
      if (hasFont(language))
        for (const word of [texts.invoice, texts.total, texts.quantity].flatMap((each) => each.split(/\s+/)))
          expect(shows(text, word), word).toBe(true)
    },
    60_000,
  )

  it.each(invoiceLanguages)(
    'has its heads on every page where it is long: %s',
    async (language) => {
      const { pages } = await printed(anInvoice(language, 60))
      expect(pages.length).toBeGreaterThanOrEqual(2)
      expect(pages.length).toBeLessThanOrEqual(4)
      const texts = pageTexts[language]
      if (hasFont(language))
        for (const text of pages)
          for (const word of texts.quantity.split(/\s+/)) expect(shows(text, word), word).toBe(true)
      for (let line = 1; line <= 60; line++)
        expect(
          pages.filter((text) => text.replace(/\s+/g, '').includes(`Package${line}`)).length,
        ).toBeGreaterThan(0)
      expect(shows(pages.at(-1) ?? '', '684.00')).toBe(true)
    },
    60_000,
  )
})
