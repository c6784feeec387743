import { readFileSync } from 'node:fs'
import { postings } from '../../src/areas/money/ledger/postings.ts'
import { accountKinds, gatewayKinds, guardedKinds, platformKinds } from '../../src/core/account-kinds.ts'
import { quote, tuples } from './values.ts'

const kinds = Object.entries(postings)

/** Writes the kinds of entries as rows, and which accounts are guarded. */
export function postingsSql(): string {
  const rows = kinds.flatMap(([name, { type, lines }]) =>
    lines.map(([account, owner, amount], index) => [
      name,
      String(index + 1),
      type,
      account,
      owner,
      amount.slice(1),
      amount.startsWith('-') ? '-1' : '1',
    ]),
  )
  return `-- Generated from src/areas/money/ledger/postings.ts by \`npm run machines\`.

-- Returns whether accounts of a kind are guarded: their balance is kept with every line, and less what is held it may not go below zero.
create or replace function khidma.is_guarded(kind text) returns boolean language sql immutable as $$
  select kind in (${guardedKinds.map(quote).join(', ')})
$$;

-- Returns what owns accounts of a kind: a \`user\`, a \`gateway\`, or the \`platform\`. Null: there is no such kind.
create or replace function khidma.owner_of_account(kind text) returns text language sql immutable as $$
  select case
    when kind in (${gatewayKinds.map(quote).join(', ')}) then 'gateway'
    when kind in (${platformKinds.map(quote).join(', ')}) then 'platform'
    when kind in (${accountKinds.map(quote).join(', ')}) then 'user'
  end
$$;

delete from ledger_posting_lines;
insert into ledger_posting_lines (posting, position, entry_type, account, owner, amount, sign) values
${tuples(rows)};
`
}

const page = 'docs/money.md'
const marks = { from: '<!-- postings -->\n', to: '<!-- /postings -->' }

/** The part of `docs/money.md` between its marks. */
export function postingsPage(): string {
  const text = readFileSync(page, 'utf8')
  const [before = '', rest = ''] = text.split(marks.from)
  const after = rest.slice(rest.indexOf(marks.to))
  const table = kinds.map(
    ([name, { type, says, lines }]) =>
      `| \`${name}\` | ${type} | ${says} | ${lines.map(([account, owner, amount]) => `\`${account}\` of ${owner === 'platform' ? 'the platform' : `the ${owner}`} ${amount}`).join('<br>')} |`,
  )
  return `${before}${marks.from}
| entry | type | what it says | lines |
| --- | --- | --- | --- |
${table.join('\n')}

Kinds of account: ${accountKinds.map((kind) => `\`${kind}\``).join(', ')}. Guarded, never below zero less what is held: ${guardedKinds.map((kind) => `\`${kind}\``).join(', ')}.

${after.startsWith(marks.to) ? after : marks.to}`
}
