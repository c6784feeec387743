-- What somebody earned and is in dispute stays on a payday. Disputes are few: the index is small.
create index idx_bookings_disputed on bookings ((case when payout_to = 'company' then company_id else tasker_id end)) where status = 'disputed';
