-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'payout';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('payout', 'created', null, 'scheduled', 'system', null, 'payout.created'),
  ('payout', 'created', null, 'scheduled', 'ops', null, 'payout.created'),
  ('payout', 'paid_in_cash', null, 'paid', 'tasker', null, 'payout.paid_in_cash'),
  ('payout', 'paid_in_cash', null, 'paid', 'system', null, 'payout.paid_in_cash'),
  ('payout', 'process', 'scheduled', 'processing', 'system', null, 'payout.processing'),
  ('payout', 'process', 'scheduled', 'processing', 'ops', null, 'payout.processing'),
  ('payout', 'process', 'failed', 'processing', 'system', null, 'payout.processing'),
  ('payout', 'process', 'failed', 'processing', 'ops', null, 'payout.processing'),
  ('payout', 'pay', 'processing', 'paid', 'provider', null, 'payout.paid'),
  ('payout', 'pay', 'processing', 'paid', 'system', null, 'payout.paid'),
  ('payout', 'pay', 'processing', 'paid', 'ops', null, 'payout.paid'),
  ('payout', 'fail', 'processing', 'failed', 'provider', null, 'payout.failed'),
  ('payout', 'fail', 'processing', 'failed', 'system', null, 'payout.failed'),
  ('payout', 'fail', 'processing', 'failed', 'ops', null, 'payout.failed');
