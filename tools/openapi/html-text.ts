import { escapeHtml } from '../../src/core/html.ts'

/** Returns the address that a word in backticks has: of an operation, a problem, a schema. */
export type AddressOf = (word: string) => string | undefined

/** The Markdown of our descriptions as HTML: paragraphs, headings, lists, tables; code, links and bold in a line. */
export function htmlOf(markdown: string, addressOf: AddressOf): string {
  const inline = (text: string) => inlineHtml(text, addressOf)
  return markdown
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const lines = block.split('\n')
      const heading = /^(#+) (.*)$/.exec(block)
      if (heading) return `<h2>${inline(heading[2] ?? '')}</h2>`
      if (lines.every((line) => line.startsWith('- ')))
        return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`
      if (lines.every((line) => line.startsWith('|'))) return tableOf(lines.map(cellsOf), inline)
      return `<p>${inline(lines.join(' '))}</p>`
    })
    .join('\n')
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())

const tableOf = ([head = [], , ...rows]: string[][], inline: (text: string) => string): string =>
  htmlTable(
    head.map(inline),
    rows.map((row) => row.map(inline)),
  )

/** A table of cells that are HTML already. */
export function htmlTable(head: string[], rows: string[][]): string {
  const line = (cells: string[], tag: 'td' | 'th') =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return `<table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table>`
}

/** One line: a word in backticks that has an address becomes a link to it. */
export function inlineHtml(text: string, addressOf: AddressOf): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith('`') ? codeHtml(part.slice(1, -1), addressOf) : proseHtml(part)))
    .join('')
}

export function codeHtml(word: string, addressOf: AddressOf): string {
  const address = addressOf(word)
  const code = `<code>${escapeHtml(word)}</code>`
  return address === undefined ? code : `<a href="${escapeHtml(address)}">${code}</a>`
}

const proseHtml = (text: string): string =>
  escapeHtml(text)
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>')
