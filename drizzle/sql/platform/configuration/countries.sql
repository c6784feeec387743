-- Generated from src/core/countries.ts by `npm run machines`.

-- Returns the country whose currency this is; each served country has its own.
create or replace function khidma.country_of(p_currency text) returns text language sql immutable parallel safe as $$
  select case p_currency
    when 'EGP' then 'EG'
    when 'NGN' then 'NG'
    when 'KGS' then 'KG'
    when 'INR' then 'IN'
    when 'GHS' then 'GH'
  end
$$;
