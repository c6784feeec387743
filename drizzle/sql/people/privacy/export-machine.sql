-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'export';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('export', 'finish', 'pending', 'ready', 'system', null, 'export.ready'),
  ('export', 'give_up', 'pending', 'failed', 'system', null, 'export.failed'),
  ('export', 'expire', 'ready', 'expired', 'system', null, null);
