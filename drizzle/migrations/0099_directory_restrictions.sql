-- A search asked the account of each match whether staff keep it from transacting: 2,000 look-ups where it sorts what is near.
alter table directory_entries add column restricted_until timestamptz;
