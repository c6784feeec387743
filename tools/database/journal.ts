import { readFileSync } from 'node:fs'

/** The tags of the migrations in the order in which they apply. */
export function readJournal(folder: string): string[] {
  const journal = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as {
    entries: { tag: string }[]
  }
  return journal.entries.map(({ tag }) => tag)
}
