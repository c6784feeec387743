import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { proseOf, wrongWords } from './glossary.ts'

/**
 * Checks the rules of `docs/writing.md` that a program can: openings of comments, words of the glossary, paths named in the
 * docs, and commit messages since the rule began. `npm run check` runs it.
 */
const SINCE = 'aeeaa72'
const SUBJECT_LIMIT = 72

const openings =
  /^(?:Who|Whose|Whom|Of (?!course\b)|What|To (?:whom|what|which)\b|As before|(?:The )?same as before)\b/i

interface Finding {
  place: string
  text: string
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

function commentFindings(): Finding[] {
  const files = git('ls-files', '*.ts', 'drizzle/sql/*.sql').split('\n').filter(Boolean)
  return files.flatMap((file) => findingsIn(file, readFileSync(file, 'utf8').split('\n')))
}

function findingsIn(file: string, lines: string[]): Finding[] {
  const found: Finding[] = []
  const isComment = (line: string | undefined) => /^\s*(?:--|\/\/)/.test(line ?? '')
  for (const [index, line] of lines.entries()) {
    const text = firstWords(file, lines, index)
    if (!text) continue
    const continues = isComment(line) && isComment(lines[index - 1])
    if (!continues && openings.test(text)) found.push({ place: `${file}:${index + 1}`, text })
  }
  return found
}

/** The first words of the comment that begins in a line. */
function firstWords(file: string, lines: string[], index: number): string | undefined {
  const line = lines[index] ?? ''
  if (file.endsWith('.sql')) return /^\s*-- (\S.*)$/.exec(line)?.[1]
  if (/^\s*\/\*\*\s*$/.test(line)) return /^\s*\*\s+(\S.*)$/.exec(lines[index + 1] ?? '')?.[1]
  return /^\s*\/\*\*\s+(\S.*)$/.exec(line)?.[1] ?? /^\s*\/\/\s(\S.*)$/.exec(line)?.[1]
}

/** Generated pages, and files that list the words themselves. */
const notOurWords = /^(?:docs\/(?:writing|performance|sql|state-machines|what-happens)\.md|tools\/writing\/)/

function glossaryFindings(): Finding[] {
  const files = git('ls-files', '*.ts', '*.md', 'drizzle/sql/*.sql').split('\n').filter(Boolean)
  return files
    .filter((file) => !notOurWords.test(file))
    .flatMap((file) =>
      proseOf(file, readFileSync(file, 'utf8')).flatMap(({ line, text }) =>
        wrongWords(text).map((word) => ({ place: `${file}:${line}`, text: word })),
      ),
    )
}

const namedPath = /(?:`|\]\()((?:\.\.\/)?(?:src|test|tools|docs|drizzle|durable-objects)\/[\w./-]+\.\w+)/g
/** Files of the examples in the how-to pages. */
const examplePath = /visit|notes|00NN/

function pathFindings(): Finding[] {
  const pages = git('ls-files', 'README.md', 'docs/*.md').split('\n').filter(Boolean)
  return pages.flatMap((page) =>
    readFileSync(page, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(namedPath)]
          .map(([, path = '']) => path.replace('../', ''))
          .filter((path) => !examplePath.test(path) && !existsSync(path))
          .map((path) => ({ place: `${page}:${index + 1}`, text: `no file ${path}` })),
      ),
  )
}

/** Empty where there is no history, as in an archive of the sources. */
function commitFindings(): Finding[] {
  let log: string
  try {
    log = git('log', '--no-merges', '--format=%h%x1f%s%x1f%b%x1e', `${SINCE}..HEAD`)
  } catch {
    return []
  }
  return log
    .split('\x1e')
    .map((entry) => entry.trim().split('\x1f'))
    .filter(([hash]) => hash)
    .flatMap(([hash = '', subject = '', body = '']) => {
      const faults = [
        subject.length > SUBJECT_LIMIT && `has ${subject.length} characters, ${SUBJECT_LIMIT} at most`,
        !/^(?!\w+(?:ing|[^e]ed)\b)[A-Z][a-z]+\b/.test(subject) && 'does not begin with an imperative',
        body.trim() === '' && 'has no body that says why',
      ].filter(Boolean)
      return faults.map((fault) => ({ place: `commit ${hash}`, text: `"${subject}" ${fault}` }))
    })
}

const findings = [...commentFindings(), ...glossaryFindings(), ...pathFindings(), ...commitFindings()]
for (const { place, text } of findings) console.error(`${place}: ${text}`)
if (findings.length > 0) {
  console.error(`${findings.length} findings: see docs/writing.md`)
  process.exitCode = 1
}
