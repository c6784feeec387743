import { configKeys } from '../../src/core/config-keys.ts'
import { servedCountries } from '../../src/core/countries.ts'
import { quote } from './values.ts'

/** Writes the defaults of configuration, by key, for SQL. A constant, since a `case` of all keys is made ready anew in each transaction. */
export async function configDefaultsSql(): Promise<string> {
  const pairs = Array.from(
    await configKeys(),
    ([key, { default: value }]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  return `-- Generated from config.ts of each area by \`npm run machines\`.

-- Returns the default of a key of configuration: its value where no entry decides. Null for a key that does not exist.
create or replace function khidma.config_default(p_key text) returns jsonb language sql immutable parallel safe as $$
  select ${quote(`{\n${pairs.join(',\n')}}`)}::jsonb -> p_key
$$;
`
}

/** Writes the country of each currency in which we keep books: it names the market. */
export function countriesSql(): string {
  const cases = Object.entries(servedCountries).map(
    ([country, { currency }]) => `    when ${quote(currency)} then ${quote(country)}`,
  )
  return `-- Generated from src/core/countries.ts by \`npm run machines\`.

-- Returns the country whose currency this is; each served country has its own.
create or replace function khidma.country_of(p_currency text) returns text language sql immutable parallel safe as $$
  select case p_currency
${cases.join('\n')}
  end
$$;
`
}
