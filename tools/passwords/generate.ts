import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * Writes the list of passwords that nobody may have: those of eight characters and more among the most common of
 * published breaches (`@zxcvbn-ts/language-common`), as sorted 32-bit hashes. A password that is on no list is taken for
 * one of them four times in a million.
 */
const target = 'src/areas/people/identity/passwords/common-passwords.ts'
const shortest = 8

const source = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common')
const path = `${source.slice(0, source.lastIndexOf('/dist/'))}/src/passwords.json`
const passwords = JSON.parse(readFileSync(path, 'utf8')) as string[]

const hashes = new Set(
  passwords
    .filter(({ length }) => length >= shortest)
    .map((password) =>
      createHash('sha256').update(password.normalize('NFKC').toLowerCase()).digest().readUInt32LE(),
    ),
)
const sorted = Uint32Array.from(hashes).sort()
const text = Buffer.from(sorted.buffer).toString('base64')

writeFileSync(
  target,
  `/** ${sorted.length} common passwords: the first 32 bits of each one's SHA-256, sorted. Made by \`npm run passwords\`. */
export const commonPasswords =
  '${text}'
`,
)
console.log(`${sorted.length} passwords, ${text.length} characters`)
