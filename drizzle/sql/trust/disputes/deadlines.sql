-- Sets the end of the step that begins, or ends the deadlines with the decision, and notes who decided (before update of status). Nobody of
-- staff works on the appeal against their own decision.
create or replace function khidma.step_dispute() returns trigger language plpgsql as $$
declare
  is_by_staff boolean := khidma.party_in_dispute(new) = 'ops';
begin
  if is_by_staff and new.status <> 'escalated'
        and exists (select from disputes a where a.id = new.appeal_of and a.resolved_by = khidma.actor_id()) then
    perform khidma.refuse(403, 'decided_by_you');
  end if;
  if khidma.is_dispute_open(new) then
    new.due_at := now() + make_interval(hours => khidma.dispute_policy('disputes.deadlines',
                            case new.status when 'escalated' then 'escalatedHours' else 'decisionHours' end, new.booking_id));
    new.overdue_at := null;
  else
    new.due_at := null;
    new.resolved_at := now();
    if is_by_staff then
      new.resolved_by := khidma.actor_id();
      if new.appeal_of is null then
        new.appeal_until := now() + make_interval(days => khidma.dispute_policy('disputes.limits', 'appealDays', new.booking_id));
      end if;
    end if;
  end if;
  return new;
end $$;

-- Emits an event about a dispute, with what it tells, to the parties of its booking.
create or replace function khidma.tell_of_dispute(p_type text, d disputes, p_data jsonb default '{}') returns void language plpgsql as $$
begin
  perform khidma.emit(p_type, 'dispute', d.id, d.version,
    jsonb_build_object('disputeId', d.id, 'bookingId', b.id, 'clientId', b.client_id, 'taskerId', b.tasker_id) || p_data,
    array[b.client_id, b.tasker_id])
    from bookings b where b.id = d.booking_id;
end $$;

-- Does what is due, at most `p_limit` of each: a step without an end escalates, an escalated one is overdue, who has to respond is reminded
-- once, an offer without both answers expires. What others work on waits for the next run.
create or replace function khidma.collect_dispute_deadlines(p_limit int) returns json language plpgsql as $$
declare
  widest int := khidma.largest_setting('disputes.deadlines', 'reminderHours');
  d disputes;
  offer uuid;
  escalated int := 0;
  overdue int := 0;
  reminded int := 0;
  offers int := 0;
begin
  for d in select * from disputes x where x.status in ('open', 'investigating') and x.due_at <= now() and not khidma.is_put_off('dispute.escalate', x.id)
            order by x.due_at limit p_limit for update skip locked loop
    begin
      update disputes set status = 'escalated' where id = d.id;
      escalated := escalated + 1;
    exception when others then
      perform khidma.put_off_failed('dispute.escalate', d.id, sqlstate, sqlerrm);
    end;
  end loop;
  for d in select * from disputes x where x.status = 'escalated' and x.due_at <= now() and x.overdue_at is null and not khidma.is_put_off('dispute.overdue', x.id)
            order by x.due_at limit p_limit for update skip locked loop
    begin
      update disputes set overdue_at = now() where id = d.id returning * into d;
      perform khidma.tell_of_dispute('dispute.overdue', d);
      overdue := overdue + 1;
    exception when others then
      perform khidma.put_off_failed('dispute.overdue', d.id, sqlstate, sqlerrm);
    end;
  end loop;
  for d in select x.* from disputes x
            where x.status in ('open', 'investigating', 'escalated') and x.responded_at is null and x.response_reminded_at is null and x.respond_by > now()
              and x.respond_by <= now() + make_interval(hours => widest)
              and x.respond_by <= now() + make_interval(hours => khidma.dispute_policy('disputes.deadlines', 'reminderHours', x.booking_id))
              and not khidma.is_put_off('dispute.remind', x.id)
            order by x.respond_by limit p_limit for update skip locked loop
    begin
      update disputes set response_reminded_at = now() where id = d.id returning * into d;
      perform khidma.tell_of_dispute('dispute.response_reminder', d, jsonb_build_object('userId', d.respondent_id, 'respondBy', khidma.iso(d.respond_by)));
      reminded := reminded + 1;
    exception when others then
      perform khidma.put_off_failed('dispute.remind', d.id, sqlstate, sqlerrm);
    end;
  end loop;
  for offer in select o.id from dispute_offers o where o.status = 'pending' and o.expires_at <= now() and not khidma.is_put_off('dispute_offer.expire', o.id)
                order by o.expires_at limit p_limit for update skip locked loop
    begin
      update dispute_offers set status = 'expired' where id = offer;
      offers := offers + 1;
    exception when others then
      perform khidma.put_off_failed('dispute_offer.expire', offer, sqlstate, sqlerrm);
    end;
  end loop;
  return json_build_object('escalated', escalated, 'overdue', overdue, 'reminded', reminded, 'offers', offers);
end $$;
