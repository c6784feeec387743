-- Generated from machine.ts by `npm run machines`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = 'report';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
  ('report', 'created', null, 'open', 'reporter', null, 'report.created'),
  ('report', 'created', null, 'open', 'ops', null, 'report.created'),
  ('report', 'created', null, 'open', 'system', null, 'report.created'),
  ('report', 'investigate', 'open', 'investigating', 'ops', null, 'report.investigating'),
  ('report', 'resolve', 'open', 'resolved', 'ops', null, 'report.resolved'),
  ('report', 'resolve', 'investigating', 'resolved', 'ops', null, 'report.resolved'),
  ('report', 'dismiss', 'open', 'dismissed', 'ops', null, 'report.dismissed'),
  ('report', 'dismiss', 'investigating', 'dismissed', 'ops', null, 'report.dismissed');
