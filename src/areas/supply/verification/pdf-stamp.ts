import { degrees, PDFDocument, StandardFonts } from '@cantoo/pdf-lib'

/** Points between two rows of marks: none of a card's fields fits between them. */
const rowGap = 90
const fontSize = 14

/** A scan has fewer. Files that are made to cost time stay as they are. */
const largest = { objects: 5_000, pages: 50, side: 20_000 }

const objectCount = (bytes: Uint8Array): number => Buffer.from(bytes).toString('latin1').split(' obj').length

/** Helvetica has the characters of Windows-1252; a name in others is left to the id of the opening. */
const writable = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '').trim()

/** Returns the PDF with rows of `mark` across each of its pages, or null where it cannot be read or changed, or is no scan. */
export async function stampPages(bytes: Uint8Array, mark: string): Promise<Uint8Array<ArrayBuffer> | null> {
  if (objectCount(bytes) > largest.objects) return null
  try {
    const pdf = await PDFDocument.load(bytes, { updateMetadata: false, throwOnInvalidObject: true })
    const font = await pdf.embedFont(StandardFonts.Helvetica)
    const words = `${writable(mark)}   `
    const width = font.widthOfTextAtSize(words, fontSize)
    const pages = pdf.getPages()
    if (pages.length > largest.pages) return null
    for (const page of pages) {
      const { x, y, width: across, height } = page.getMediaBox()
      if (Math.max(across, height) > largest.side) return null
      const line = words.repeat(Math.ceil(Math.hypot(across, height) / width) + 1)
      for (let down = -across; down < height; down += rowGap) {
        page.drawText(line, { x, y: y + down, font, size: fontSize, rotate: degrees(45), opacity: 0.35 })
      }
    }
    return new Uint8Array(await pdf.save({ useObjectStreams: false }))
  } catch {
    return null
  }
}
